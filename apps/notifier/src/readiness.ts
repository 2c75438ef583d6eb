import { Injectable } from '@nestjs/common';
import { Readiness } from '#libs/service';
import { ActivityDoor } from './activity/activity.door.js';
import { ChangesDoor } from './activity/changes.door.js';
import { Outbox } from './outbox/outbox.js';
import { NotifierDoor } from './notifier.door.js';

/** Ready when its topics are read and the outbox is looked through. A mail server that is away is waited for. */
@Injectable()
export class NotifierReadiness extends Readiness {
  constructor(
    private readonly activity: ActivityDoor,
    private readonly changes: ChangesDoor,
    private readonly door: NotifierDoor,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  problems(): string[] {
    return [this.activity, this.changes, this.door, this.outbox].flatMap((part) => part.problems());
  }
}
