import type { Transaction } from '#libs/postgres';

/** Keeps who is told of a directory; without addresses only what it is called. */
export async function saveRecipients(
  transaction: Transaction,
  { directory, directoryName, addresses }: { directory: string; directoryName: string; addresses?: readonly string[] },
  now: Date,
): Promise<void> {
  await transaction.query(
    'recipients_set',
    `insert into recipients (directory, directory_name, addresses, changed_at) values ($1, $2, coalesce($3::text[], '{}'), $4)
     on conflict (directory) do update
     set directory_name = excluded.directory_name, addresses = coalesce($3::text[], recipients.addresses), changed_at = excluded.changed_at`,
    [directory, directoryName.replace(/\p{Cc}+/gu, ' ').trim(), addresses ?? null, now],
  );
}
