import { Injectable } from '@nestjs/common';
import { Readiness } from '#libs/service';
import { ActivityDoor } from './activity/activity.door.js';
import { ChangesDoor } from './activity/changes.door.js';
import { ExpiryDoor } from './activity/expiry.door.js';
import { HealthWatch } from './health/health.watch.js';
import { NotifierDoor } from './notifier.door.js';
import { Outbox } from './telling/outbox.js';
import { Teller } from './telling/teller.js';

/** Ready when its topics are read and it can do its work. A mail server that is away is waited for. */
@Injectable()
export class NotifierReadiness extends Readiness {
  constructor(
    private readonly activity: ActivityDoor,
    private readonly changes: ChangesDoor,
    private readonly expiry: ExpiryDoor,
    private readonly door: NotifierDoor,
    private readonly watch: HealthWatch,
    private readonly teller: Teller,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  problems(): string[] {
    const parts = [this.activity, this.changes, this.expiry, this.door, this.watch, this.teller, this.outbox];
    return parts.flatMap((part) => part.problems());
  }
}
