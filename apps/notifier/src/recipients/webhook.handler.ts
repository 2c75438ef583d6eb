import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Refusal } from '#libs/event-sourcing';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { OutsideWorld } from '../channels/outside-world.js';
import { saveRecipients } from './recipients.store.js';
import { newWebhookSecret, sealTo } from './sealing.js';
import { Webhooks } from './webhooks.js';

const WEBHOOKS_MAX = 10;

/** Tell a webhook of a directory's incidents, too. The answer is its secret, sealed to who asked; it is shown this once. */
export class AddWebhook extends Command<{ id: string; sealedSecret: string }> {
  constructor(
    readonly directory: string,
    readonly webhook: { id: string; url: string; directoryName: string; sealTo: Record<string, unknown> },
  ) {
    super();
  }
}

/** Tell a webhook nothing any more. Throws Refusal not-found. */
export class RemoveWebhook extends Command<void> {
  constructor(
    readonly directory: string,
    readonly id: string,
  ) {
    super();
  }
}

@CommandHandler(AddWebhook)
export class AddWebhookHandler implements ICommandHandler<AddWebhook> {
  constructor(
    private readonly database: Database,
    private readonly webhooks: Webhooks,
    private readonly world: OutsideWorld,
    private readonly clock: Clock,
  ) {}

  async execute({ directory, webhook }: AddWebhook): Promise<{ id: string; sealedSecret: string }> {
    const { id, url, directoryName } = webhook;
    const reason = this.world.whyNot(url);
    if (reason !== undefined) throw new Refusal('invalid', reason);
    const secret = newWebhookSecret();
    const sealedSecret = await sealTo(webhook.sealTo, secret);
    const kept = this.webhooks.sealed(id, secret);
    const now = this.clock.now();
    await this.database.transaction(async (transaction) => {
      await saveRecipients(transaction, { directory, directoryName }, now);
      const [known] = await transaction.query<{ count: number }>(
        'webhook_count',
        'select count(*)::int as count from webhook where directory = $1',
        [directory],
      );
      if ((known?.count ?? 0) >= WEBHOOKS_MAX)
        throw new Refusal('invalid', `A directory has at most ${WEBHOOKS_MAX} webhooks.`);
      const made = await transaction.query(
        'webhook_add',
        `insert into webhook (id, directory, url, secret, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing returning id`,
        [id, directory, url, kept, now],
      );
      if (made.length === 0)
        throw new Refusal('already-exists', 'This webhook is there already; its secret is shown once only.');
    });
    return { id, sealedSecret };
  }
}

@CommandHandler(RemoveWebhook)
export class RemoveWebhookHandler implements ICommandHandler<RemoveWebhook> {
  constructor(private readonly database: Database) {}

  async execute({ directory, id }: RemoveWebhook): Promise<void> {
    const gone = await this.database.query(
      'webhook_remove',
      'delete from webhook where directory = $1 and id = $2 returning id',
      [directory, id],
    );
    if (gone.length === 0) throw new Refusal('not-found', 'This directory has no such webhook.');
  }
}
