import { dialectOf } from '../../mapping/dialect.js';
import { clearManager, setManager } from '../../mapping/manager-patch.js';
import { resourcesOf } from '../../protocol/find.js';
import type { Random } from '../../random.js';
import type { SourceUser } from '../../source/source.js';
import type { Cycle } from '../cycle.js';
import { patchUser, type ManagersInTarget } from './users.js';

/** How many managers are looked up by filter before they are written. */
const ASKED_FIRST = 0.25;

/** Sets and clears managers, each in a request of its own, once everybody is there. */
export async function provisionManagers(
  cycle: Cycle,
  users: readonly SourceUser[],
  inTarget: ManagersInTarget,
): Promise<void> {
  const processed = users.filter(({ objectId }) => inTarget.has(objectId));
  const nameOf = (user: SourceUser) => user.userPrincipalName;
  await cycle.each('managers', processed, nameOf, async (user) => {
    const id = cycle.target.users.idOf(user.objectId);
    const former = inTarget.get(user.objectId);
    const wanted = cycle.target.users.idOf(user.managerId);
    if (id === undefined || wanted === former) return;
    if (user.managerId !== undefined && wanted === undefined) {
      // The manager failed or is not in the target: the reference waits for the next cycle.
      cycle.target.escrow.add(user.objectId);
      return;
    }
    await write(cycle, id, wanted, former, cycle.random('manager', user.objectId));
    cycle.ledger.note(user.objectId, 'updated');
  });
}

async function write(
  cycle: Cycle,
  id: string,
  wanted: string | undefined,
  former: string | undefined,
  random: Random,
): Promise<void> {
  const dialect = dialectOf(cycle.manner.dialect, random);
  if (wanted !== undefined) {
    if (random.chance(ASKED_FIRST) && (await isManagedBy(cycle, id, wanted, random.chance(0.5)))) return;
    await patchUser(cycle, id, setManager(wanted, dialect, random));
  } else if (former !== undefined) {
    await patchUser(cycle, id, clearManager(former, dialect, random));
  }
}

/** The reference check: two terms, quoted or, as in Microsoft's documentation, not. */
async function isManagedBy(cycle: Cycle, id: string, managerId: string, isQuoted: boolean): Promise<boolean> {
  const quoted = (value: string) => (isQuoted ? `"${value}"` : value);
  const filter = `id eq ${quoted(id)} and manager eq ${quoted(managerId)}`;
  const answer = await cycle.client.get('/Users', [
    ['filter', filter],
    ['attributes', 'id'],
  ]);
  return resourcesOf(answer, 'check a manager').length > 0;
}
