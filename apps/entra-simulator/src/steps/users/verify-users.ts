import { differences, managerIn } from '../../mapping/compare.js';
import { USER_MATCH, wantedAttributes } from '../../mapping/user-mapping.js';
import { expectStatus } from '../../protocol/answer.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import { findOne } from '../../protocol/find.js';
import type { Outcome } from '../../report/counts.js';
import type { SourceUser } from '../../source/source.js';
import type { Cycle } from '../cycle.js';
import { nameOfDeleted, type Deleted } from './deletions.js';
import { readUser } from './users.js';

const WRITTEN: readonly (Outcome | undefined)[] = ['created', 'updated', 'disabled', 'restored'];

/** Reads everybody who was written to: an answer that promises success is not yet a change. */
export async function verifyUsers(cycle: Cycle, users: readonly SourceUser[]): Promise<void> {
  const written = users.filter(({ objectId }) => WRITTEN.includes(cycle.ledger.outcomeOf(objectId)));
  const nameOf = (user: SourceUser) => user.userPrincipalName;
  await cycle.each('check of users', written, nameOf, async (user) => {
    const id = cycle.target.users.idOf(user.objectId) ?? '';
    const found = await readUser(cycle, id);
    const request = `GET /Users/${id}`;
    const [wrong] = differences(wantedAttributes(user), found);
    if (wrong) {
      const detail = `found ${JSON.stringify(wrong.found)}, wanted ${JSON.stringify(wrong.wanted)}`;
      throw new ProvisioningFailure(`check a user: ${wrong.path} is not what was sent`, { request, detail });
    }
    const manager = cycle.target.users.idOf(user.managerId);
    if (managerIn(found) !== manager && !cycle.target.escrow.has(user.objectId)) {
      const detail = `found ${managerIn(found) ?? 'none'}, wanted ${manager ?? 'none'}`;
      throw new ProvisioningFailure('check a user: the manager is not who was sent', { request, detail });
    }
    if (!user.accountEnabled) await expectStillFound(cycle, user, id);
  });
}

/** Somebody hidden from the filters would be created a second time. */
async function expectStillFound(cycle: Cycle, user: SourceUser, id: string): Promise<void> {
  const { path, from } = USER_MATCH[cycle.manner.matchBy];
  const match = await findOne(cycle.client, 'Users', path, from(user));
  if (match?.id !== id) throw new ProvisioningFailure('check a user: a disabled user is not found by the filter');
}

export async function verifyDeleted(cycle: Cycle, deleted: readonly Deleted[]): Promise<void> {
  await cycle.each('check of deletions', deleted, nameOfDeleted, async ({ id, user }) => {
    expectStatus(await cycle.client.get(`/Users/${id}`), 'check a deleted user', 404);
    if (!user) return;
    const { path, from } = USER_MATCH[cycle.manner.matchBy];
    const match = await findOne(cycle.client, 'Users', path, from(user));
    if (match) throw new ProvisioningFailure('check a deleted user: still found by the filter');
  });
}
