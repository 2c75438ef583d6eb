import { differences, managerIn, type Difference } from '../../mapping/compare.js';
import { attributePatch, dialectOf } from '../../mapping/dialect.js';
import type { ScimObject } from '../../mapping/scim-object.js';
import { newUserBody } from '../../mapping/user-body.js';
import { USER_MATCH, wantedAttributes } from '../../mapping/user-mapping.js';
import { evidenceOf, expectStatus } from '../../protocol/answer.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import { findOne } from '../../protocol/find.js';
import { expectResource } from '../../protocol/resource-rules.js';
import type { Outcome } from '../../report/counts.js';
import type { SourceUser } from '../../source/source.js';
import { create } from '../create.js';
import type { Cycle } from '../cycle.js';

/** The manager the target names for a user, by object id of the user. Users that are not there have no entry. */
export type ManagersInTarget = ReadonlyMap<string, string | undefined>;

/** Creates or updates each user, without the manager: a manager may not exist before everybody does. */
export async function provisionUsers(cycle: Cycle, users: readonly SourceUser[]): Promise<ManagersInTarget> {
  const managers = new Map<string, string | undefined>();
  const nameOf = (user: SourceUser) => user.userPrincipalName;
  await cycle.each('users', users, nameOf, async (user) => {
    const found = await userInTarget(cycle, user);
    if (found) {
      cycle.ledger.note(user.objectId, await update(cycle, user, found));
      managers.set(user.objectId, managerIn(found));
    } else if (user.accountEnabled) {
      await createUser(cycle, user);
      cycle.ledger.note(user.objectId, 'created');
      managers.set(user.objectId, undefined);
    } else {
      // Out of scope and not there: nobody is created only to be disabled.
      cycle.ledger.note(user.objectId, 'skipped');
    }
  });
  return managers;
}

/** The user by the stored id or else by the matching attribute, read whole for the comparison. */
async function userInTarget(cycle: Cycle, user: SourceUser): Promise<ScimObject | undefined> {
  const anchor = cycle.target.users.idOf(user.objectId);
  if (anchor !== undefined) return readUser(cycle, anchor);
  const { path, from } = USER_MATCH[cycle.manner.matchBy];
  const match = await findOne(cycle.client, 'Users', path, from(user));
  if (!match) return undefined;
  const found = await readUser(cycle, String(match.id));
  cycle.target.users.remember(user.objectId, String(match.id));
  return found;
}

/** Reads a user by the id the target gave; an id that leads nowhere is what Entra's log calls `InvalidAnchor`. */
export async function readUser(cycle: Cycle, id: string): Promise<ScimObject> {
  const answer = await cycle.client.get(`/Users/${id}`);
  if (answer.status === 404) throw new ProvisioningFailure('read a user: InvalidAnchor', evidenceOf(answer));
  expectStatus(answer, 'read a user', 200);
  return expectResource(answer, 'read a user', 'Users', id);
}

async function update(cycle: Cycle, user: SourceUser, found: ScimObject): Promise<Outcome> {
  const changes = differences(wantedAttributes(user), found);
  if (changes.length === 0) return 'skipped';
  const random = cycle.random('update', user.objectId);
  await patchUser(cycle, String(found.id), attributePatch(changes, dialectOf(cycle.manner.dialect, random), random));
  return outcomeOf(changes);
}

/** A user PATCH is answered by the user as it is now, or by 204 and nothing. */
export async function patchUser(cycle: Cycle, id: string, body: ScimObject): Promise<void> {
  const answer = await cycle.client.patch(`/Users/${id}`, body);
  // Sent twice because the first answer was lost: what was to be removed may be gone already.
  if (answer.attempts > 1 && answer.body?.scimType === 'noTarget') return;
  expectStatus(answer, 'update a user', 200, 204);
  if (answer.status === 200) expectResource(answer, 'update a user', 'Users', id);
}

async function createUser(cycle: Cycle, user: SourceUser): Promise<void> {
  const wanted = wantedAttributes(user);
  const body = newUserBody(wanted, cycle.random('create', user.objectId));
  const { path, from } = USER_MATCH[cycle.manner.matchBy];
  const again = () => findOne(cycle.client, 'Users', path, from(user));
  cycle.target.users.remember(user.objectId, await create(cycle.client, 'Users', body, wanted, again));
}

function outcomeOf(changes: readonly Difference[]): Outcome {
  const active = changes.find(({ path }) => path === 'active');
  if (!active) return 'updated';
  return active.wanted === true ? 'restored' : 'disabled';
}
