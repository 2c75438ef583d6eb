import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { TellingWishes } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { clearMailbox } from '../telling/outbox.store.js';
import { isTimeZone, NO_WISHES, type Wishes } from '../telling/wishes.js';
import { saveRecipients } from './recipients.store.js';
import { StopLinks } from './stop-links.js';

/** Replace the notification addresses of a directory; the answer is the addresses as they stand afterwards. */
export class SetAddresses extends Command<string[]> {
  constructor(
    readonly directory: string,
    readonly directoryName: string,
    readonly addresses: readonly string[],
  ) {
    super();
  }
}

/** Change when people want to be told. */
export class SetWishes extends Command<void> {
  constructor(
    readonly directory: string,
    readonly directoryName: string,
    readonly wishes: TellingWishes,
  ) {
    super();
  }
}

/** Take an address off a directory's list, for whoever holds a token out of one of its mails. */
export class Unsubscribe extends Command<string[]> {
  constructor(readonly token: string) {
    super();
  }
}

@CommandHandler(SetAddresses)
export class SetAddressesHandler implements ICommandHandler<SetAddresses> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory, directoryName, addresses }: SetAddresses): Promise<string[]> {
    const distinct = withoutRepeats(addresses);
    const now = this.clock.now();
    await this.database.transaction(async (transaction) => {
      await saveRecipients(transaction, { directory, directoryName, addresses: distinct }, now);
      // Whoever names an address again has a reason to: it is tried again, and may have wanted no mail before.
      await clearMailbox(transaction, 'mail', distinct, now);
      await transaction.query(
        'stop_forget',
        'delete from unsubscribed where directory = $1 and address = any($2::text[])',
        [directory, distinct],
      );
    });
    return distinct;
  }
}

@CommandHandler(SetWishes)
export class SetWishesHandler implements ICommandHandler<SetWishes> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory, directoryName, wishes }: SetWishes): Promise<void> {
    if (wishes.timeZone !== undefined && !isTimeZone(wishes.timeZone)) {
      throw new Refusal('invalid', `${wishes.timeZone} is no time zone; write it as Europe/Berlin.`);
    }
    const now = this.clock.now();
    await this.database.transaction(async (transaction) => {
      await saveRecipients(transaction, { directory, directoryName }, now);
      const [row] = await transaction.query<{ wishes: Wishes | null }>(
        'wishes_lock',
        'select wishes from recipients where directory = $1 for update',
        [directory],
      );
      const { timeZone, quiet, digestAt } = row?.wishes ?? NO_WISHES;
      const after: Wishes = {
        timeZone: wishes.timeZone ?? timeZone,
        quiet: wishes.quiet === undefined ? quiet : wishes.quiet,
        digestAt: wishes.digestAt === undefined ? digestAt : wishes.digestAt,
      };
      // The first digest comes at its next time, not at once for a time that has passed today.
      await transaction.query(
        'wishes_save',
        `update recipients set wishes = $2, digested_at = case when $3 then coalesce(digested_at, $4) else digested_at end where directory = $1`,
        [directory, JSON.stringify(after), after.digestAt !== null, now],
      );
    });
  }
}

@CommandHandler(Unsubscribe)
export class UnsubscribeHandler implements ICommandHandler<Unsubscribe> {
  constructor(
    private readonly database: Database,
    private readonly links: StopLinks,
    private readonly clock: Clock,
  ) {}

  async execute({ token }: Unsubscribe): Promise<string[]> {
    const meant = this.links.read(token);
    if (meant === undefined) throw new Refusal('invalid', 'This link was not made here, or is not whole.');
    const { directory, address } = meant;
    await this.database.transaction(async (transaction) => {
      await transaction.query(
        'stop_take',
        'update recipients set addresses = array_remove(addresses, $2), changed_at = $3 where directory = $1',
        [directory, address, this.clock.now()],
      );
      await transaction.query(
        'stop_note',
        'insert into unsubscribed (directory, address, at) values ($1, $2, $3) on conflict do nothing',
        [directory, address, this.clock.now()],
      );
      await transaction.query(
        'stop_waiting',
        `update delivery d set given_up_at = $3, last_error = 'the address wants no more mails' from notice n
         where n.id = d.notice and n.directory = $1 and d.channel = 'mail' and d.address = $2 and d.done_at is null and d.given_up_at is null`,
        [directory, address, this.clock.now()],
      );
    });
    return [address];
  }
}

/** Nobody gets a mail twice because the same address was given in capitals too. */
function withoutRepeats(addresses: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const address of addresses) {
    const folded = address.toLowerCase();
    if (!known.has(folded)) known.set(folded, address);
  }
  return [...known.values()];
}
