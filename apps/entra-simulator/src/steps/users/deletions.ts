import { expectStatus } from '../../protocol/answer.js';
import type { SourceUser } from '../../source/source.js';
import type { Cycle } from '../cycle.js';

/** A user who was deleted, with what is needed to find out whether it worked. */
export interface Deleted {
  objectId: string;
  id: string;
  /** What the source last knew; nothing if the deletion was left over from an earlier cycle. */
  user: SourceUser | undefined;
}

/** Deletes for good whoever is in the target by our doing, and in the source no more. */
export async function deleteUsers(
  cycle: Cycle,
  present: ReadonlyMap<string, SourceUser>,
  formerly: ReadonlyMap<string, SourceUser>,
): Promise<readonly Deleted[]> {
  const { users } = cycle.target;
  const gone = users
    .objectIds()
    .filter((objectId) => !present.has(objectId))
    .map((objectId) => ({ objectId, id: users.idOf(objectId) ?? '', user: formerly.get(objectId) }));
  const deleted: Deleted[] = [];
  await cycle.each('deletions', gone, nameOfDeleted, async (leaver) => {
    const answer = await cycle.talk(leaver.objectId).delete(`/Users/${leaver.id}`);
    const isRepeated = answer.attempts > 1;
    expectStatus(answer, 'delete a user', ...(isRepeated ? [204, 404] : [204]));
    users.forget(leaver.objectId);
    cycle.ledger.note(leaver.objectId, 'deleted');
    deleted.push(leaver);
  });
  return deleted;
}

export const nameOfDeleted = ({ user, id }: Deleted) => user?.userPrincipalName ?? id;
