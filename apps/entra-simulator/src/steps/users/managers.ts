import { clearManager, setManager } from '../../mapping/manager-patch.js';
import { resourcesOf } from '../../protocol/find.js';
import type { Talk } from '../../protocol/scim.talk.js';
import type { Random } from '../../random.js';
import type { SourceUser } from '../../source/source.js';
import type { Cycle } from '../cycle.js';
import { nameOfUser, patchUser, type ManagersInTarget } from './users.js';

/** How many managers are looked up by filter before they are written. */
const ASKED_FIRST = 0.25;

/** The manager a user should have in the target, by the target's id. */
export const managerWanted = (cycle: Cycle, user: SourceUser) =>
  user.strayManager ?? cycle.target.users.idOf(user.managerId);

/** Sets and clears managers, each in a request of its own, once everybody is there. */
export async function provisionManagers(
  cycle: Cycle,
  users: readonly SourceUser[],
  inTarget: ManagersInTarget,
): Promise<void> {
  const processed = users.filter(({ objectId }) => inTarget.has(objectId));
  const provision = async (user: SourceUser) => {
    const id = cycle.target.users.idOf(user.objectId);
    const former = inTarget.get(user.objectId);
    const wanted = managerWanted(cycle, user);
    if (id === undefined || wanted === former) return;
    if (user.managerId !== undefined && wanted === undefined) {
      // The manager failed or is not in the target: the reference waits for the next cycle.
      cycle.again(user.objectId);
      return;
    }
    await write(cycle, user, id, { wanted, former });
    cycle.ledger.note(user.objectId, 'updated');
  };
  await cycle.each('managers', processed, nameOfUser, provision, { isReference: true });
}

async function write(
  cycle: Cycle,
  { objectId }: SourceUser,
  id: string,
  { wanted, former }: { wanted: string | undefined; former: string | undefined },
): Promise<void> {
  const talk = cycle.talk(objectId);
  const random = cycle.random('manager', objectId);
  const style = cycle.style(random);
  if (wanted !== undefined) {
    if (random.chance(ASKED_FIRST) && (await isManagedBy(talk, id, wanted, random))) return;
    await patchUser(talk, id, setManager(wanted, style, random));
  } else if (former !== undefined) {
    await patchUser(talk, id, clearManager(former, style, random));
  }
}

/** The reference check: two terms in either order, quoted or, as in Microsoft's documentation, not. */
async function isManagedBy(talk: Talk, id: string, managerId: string, random: Random): Promise<boolean> {
  const quote = random.pick(['', '"']);
  const terms = [`id eq ${quote}${id}${quote}`, `manager eq ${quote}${managerId}${quote}`];
  const answer = await talk.get(
    '/Users',
    random.shuffled([
      ['filter', (random.chance(0.3) ? terms.reverse() : terms).join(' and ')],
      ['attributes', 'id'],
    ] as const),
  );
  return resourcesOf(answer, 'check a manager').length > 0;
}
