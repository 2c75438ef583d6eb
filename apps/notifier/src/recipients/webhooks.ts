import { Refusal } from '#libs/event-sourcing';
import type { Database } from '#libs/postgres';
import { Vault } from './sealing.js';

/** Where webhooks lead, and the secrets that sign what they are told. Without a secret of the notifier's own there are none. */
export class Webhooks {
  private readonly vault: Vault | undefined;

  constructor(
    private readonly database: Database,
    secret: string | undefined,
  ) {
    this.vault = secret === undefined ? undefined : new Vault(secret);
  }

  /** The secret as it may be kept. Throws Refusal when nothing is there to seal it with. */
  sealed(id: string, secret: string): string {
    if (this.vault !== undefined) return this.vault.seal(secret, id);
    throw new Refusal('invalid', 'Webhooks need NOTIFIER_SECRET to be set, which seals what signs them.');
  }

  readonly find = async (id: string): Promise<{ url: string; secret: string } | undefined> => {
    const [row] = await this.database.query<{ url: string; secret: string }>(
      'webhook_find',
      'select url, secret from webhook where id = $1',
      [id],
    );
    if (row === undefined) return undefined;
    if (this.vault === undefined) throw new Error('NOTIFIER_SECRET is not set, so that nothing can be signed');
    return { url: row.url, secret: this.vault.open(row.secret, id) };
  };
}
