import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';

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

@CommandHandler(SetAddresses)
export class SetAddressesHandler implements ICommandHandler<SetAddresses> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory, directoryName, addresses }: SetAddresses): Promise<string[]> {
    const distinct = withoutRepeats(addresses);
    await this.database.query(
      'recipients_set',
      `insert into recipients (directory, directory_name, addresses, changed_at) values ($1, $2, $3, $4)
       on conflict (directory) do update
       set directory_name = excluded.directory_name, addresses = excluded.addresses, changed_at = excluded.changed_at`,
      [directory, directoryName.replace(/\p{Cc}+/gu, ' ').trim(), distinct, this.clock.now()],
    );
    return distinct;
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
