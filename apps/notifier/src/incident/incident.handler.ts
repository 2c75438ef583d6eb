import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Refusal } from '#libs/event-sourcing';
import { Database, type Transaction } from '#libs/postgres';
import { Clock } from '#libs/service';
import { actOn, lockIncidents } from './incident.store.js';

/** What people decide of an incident. */
export type Decision = { do: 'acknowledge' } | { do: 'mute'; until: string } | { do: 'resolve' };

/** Act on one incident. Throws Refusal where there is none, or it is over. */
export class ActOnIncident extends Command<void> {
  constructor(
    readonly id: string,
    readonly decision: Decision,
    readonly by: string,
  ) {
    super();
  }
}

@CommandHandler(ActOnIncident)
export class ActOnIncidentHandler implements ICommandHandler<ActOnIncident> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  execute({ id, decision, by }: ActOnIncident): Promise<void> {
    return this.database.transaction(async (transaction) => {
      const [found] = await lockIncidents(transaction, [id]);
      if (found === undefined) throw new Refusal('not-found', 'There is no such incident.');
      const { incident, ...place } = found;
      const at = this.clock.now().toISOString();
      if (decision.do !== 'resolve') {
        await actOn(transaction, place, incident, { ...decision, by, at });
        return;
      }
      await actOn(transaction, place, incident, { do: 'resolve', because: 'hand', by, at });
      await forgetFailing(transaction, id);
    });
  }
}

/** Who says that it is over says so of all that failed. */
async function forgetFailing(transaction: Transaction, incident: string): Promise<void> {
  await transaction.query('incident_forget', 'delete from failing where incident = $1', [incident]);
}
