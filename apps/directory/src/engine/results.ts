import { type CommandReply, commandReply } from '#libs/contracts';
import type { Database } from '#libs/postgres';

/** The answers that these commands already got, by command id: asked twice, the first answer stands. */
export async function storedAnswers(database: Database, ids: readonly string[]): Promise<Map<string, CommandReply>> {
  if (ids.length === 0) return new Map();
  const rows = await database.query<{ command_id: string; reply: unknown }>(
    'stored_answers',
    'select command_id, reply from command_result where command_id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ command_id, reply }) => [command_id, commandReply.parse(reply)]));
}

/** Forgets answers that nobody can ask for any more. */
export async function forgetAnswers(database: Database, before: Date): Promise<void> {
  await database.query('forget_answers', 'delete from command_result where at < $1', [before]);
}
