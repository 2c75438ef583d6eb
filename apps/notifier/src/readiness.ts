import { Injectable } from '@nestjs/common';
import { Readiness } from '#libs/service';
import { ActivityDoor } from './activity/activity.door.js';
import { Outbox } from './outbox/outbox.js';
import { RecipientsDoor } from './recipients/recipients.door.js';

/** Ready when both topics are read and the outbox is looked through. A mail server that is away is waited for. */
@Injectable()
export class NotifierReadiness extends Readiness {
  constructor(
    private readonly activity: ActivityDoor,
    private readonly recipients: RecipientsDoor,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  problems(): string[] {
    return [...this.activity.problems(), ...this.recipients.problems(), ...this.outbox.problems()];
  }
}
