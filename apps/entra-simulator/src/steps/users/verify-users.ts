import { differences, managerIn } from '../../mapping/compare.js';
import { wantedAttributes } from '../../mapping/user-mapping.js';
import { expectStatus } from '../../protocol/answer.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import type { Outcome } from '../../report/counts.js';
import { isActive, type SourceUser } from '../../source/source.js';
import type { Cycle } from '../cycle.js';
import { nameOfDeleted, type Deleted } from './deletions.js';
import { idsByEachMatch, readUser } from './find-user.js';
import { managerWanted } from './managers.js';
import { nameOfUser } from './users.js';

const WRITTEN: readonly (Outcome | undefined)[] = ['created', 'updated', 'disabled', 'restored'];

/** Reads everybody who was written to: an answer that promises success is not yet a change. */
export async function verifyUsers(cycle: Cycle, users: readonly SourceUser[]): Promise<void> {
  const written = users.filter(({ objectId }) => WRITTEN.includes(cycle.ledger.outcomeOf(objectId)));
  await cycle.each('check of users', written, nameOfUser, async (user) => {
    const id = cycle.target.users.idOf(user.objectId) ?? '';
    const found = await readUser(cycle.talk(user.objectId), id);
    const request = `GET /Users/${id}`;
    const [wrong] = differences(wantedAttributes(user, cycle.mapping), found);
    if (wrong) {
      const detail = `found ${JSON.stringify(wrong.found)}, wanted ${JSON.stringify(wrong.wanted)}`;
      throw new ProvisioningFailure(`check a user: ${wrong.path} is not what was sent`, { request, detail });
    }
    const manager = managerWanted(cycle, user);
    if (user.isInScope && managerIn(found) !== manager && !cycle.target.escrow.has(user.objectId)) {
      const detail = `found ${managerIn(found) ?? 'none'}, wanted ${manager ?? 'none'}`;
      throw new ProvisioningFailure('check a user: the manager is not who was sent', { request, detail });
    }
    if (!isActive(user)) await expectStillFound(cycle, user, id);
  });
}

/** Somebody hidden from the filters would be created a second time. */
async function expectStillFound(cycle: Cycle, user: SourceUser, id: string): Promise<void> {
  const found = await idsByEachMatch(cycle, user);
  if (found.every((each) => each === id)) return;
  throw new ProvisioningFailure('check a user: a disabled user is not found by the filter');
}

export async function verifyDeleted(cycle: Cycle, deleted: readonly Deleted[]): Promise<void> {
  await cycle.each('check of deletions', deleted, nameOfDeleted, async ({ objectId, id, user }) => {
    expectStatus(await cycle.talk(objectId).get(`/Users/${id}`), 'check a deleted user', 404);
    const found = user ? await idsByEachMatch(cycle, user) : [];
    if (found.some((each) => each !== undefined)) {
      throw new ProvisioningFailure('check a deleted user: still found by the filter');
    }
  });
}
