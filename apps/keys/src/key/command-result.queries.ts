import type { KeyReply } from '#libs/contracts';
import type { Statements } from '#libs/postgres';

const KEPT_MS = 24 * 60 * 60 * 1000;

/** What was answered when this command was carried out, if it was. */
export async function firstReply(statements: Statements, commandId: string): Promise<KeyReply | undefined> {
  const [row] = await statements.query<{ reply: KeyReply }>(
    'command_result_find',
    'select reply from command_result where command_id = $1',
    [commandId],
  );
  return row?.reply;
}

/** Keeps an answer for a day, for whoever asks the same again; forgets those that are older. */
export async function keepReply(statements: Statements, commandId: string, reply: KeyReply, at: Date): Promise<void> {
  await statements.query('command_result_prune', 'delete from command_result where at < $1', [
    new Date(at.getTime() - KEPT_MS),
  ]);
  await statements.query(
    'command_result_keep',
    'insert into command_result (command_id, reply, at) values ($1, $2, $3)',
    [commandId, JSON.stringify(reply), at],
  );
}
