import { attributePatch } from '../../mapping/attribute-patch.js';
import { differences, managerIn, type Difference } from '../../mapping/compare.js';
import type { ScimObject } from '../../mapping/scim-object.js';
import { newUserBody, withManager } from '../../mapping/user-body.js';
import { wantedAttributes } from '../../mapping/user-mapping.js';
import { expectStatus } from '../../protocol/answer.js';
import { expectResource } from '../../protocol/resource-rules.js';
import type { Talk } from '../../protocol/scim.talk.js';
import type { Outcome } from '../../report/counts.js';
import { isActive, type SourceUser } from '../../source/source.js';
import { create } from '../create.js';
import type { Cycle } from '../cycle.js';
import { canBeMatched, matchUser, readUser } from './find-user.js';

/** The manager the target names for a user, by object id of the user. Users that are not there have no entry. */
export type ManagersInTarget = ReadonlyMap<string, string | undefined>;

/** How often a create names the manager at once, where odd variants are asked for. */
const MANAGER_IN_CREATE = 0.2;

export const nameOfUser = (user: SourceUser) => user.userPrincipalName;

/** Creates or updates each user, without the manager: a manager may not exist before everybody does. */
export async function provisionUsers(cycle: Cycle, users: readonly SourceUser[]): Promise<ManagersInTarget> {
  const managers = new Map<string, string | undefined>();
  await cycle.each('users', users, nameOfUser, async (user) => {
    const resource = await provisionUser(cycle, user);
    if (resource && user.isInScope) managers.set(user.objectId, managerIn(resource));
  });
  return managers;
}

/** Gives the user as it was found, or made; nothing where there is nobody in the target, and nobody to be made. */
export async function provisionUser(cycle: Cycle, user: SourceUser): Promise<ScimObject | undefined> {
  cycle.ledger.note(user.objectId, 'skipped');
  if (!user.isInScope && cycle.manner.isOutOfScopeSkipped) return undefined;
  const found = await userInTarget(cycle, user);
  if (found) {
    cycle.ledger.note(user.objectId, await update(cycle, user, found));
    return found;
  }
  // Out of scope and not there: nobody is created only to be disabled.
  if (!isActive(user) || !canBeMatched(cycle, user)) return undefined;
  const made = await createUser(cycle, user);
  cycle.ledger.note(user.objectId, 'created');
  return made;
}

/** The user by the stored id or else by a matching attribute, read whole for the comparison. */
async function userInTarget(cycle: Cycle, user: SourceUser): Promise<ScimObject | undefined> {
  const talk = cycle.talk(user.objectId);
  const anchor = cycle.target.users.idOf(user.objectId);
  if (anchor !== undefined) return readUser(talk, anchor);
  const match = await matchUser(cycle, user);
  if (!match) return undefined;
  const found = await readUser(talk, String(match.id));
  cycle.target.users.remember(user.objectId, String(match.id));
  return found;
}

async function update(cycle: Cycle, user: SourceUser, found: ScimObject): Promise<Outcome> {
  const changes = differences(wantedAttributes(user, cycle.mapping), found);
  if (changes.length === 0) return 'skipped';
  const random = cycle.random('update', user.objectId);
  const body = attributePatch(changes, cycle.style(random), random);
  await patchUser(cycle.talk(user.objectId), String(found.id), body);
  return outcomeOf(changes);
}

/** A user PATCH is answered by the user as it is now, or by 204 and nothing. */
export async function patchUser(talk: Talk, id: string, body: ScimObject): Promise<void> {
  const answer = await talk.patch(`/Users/${id}`, body);
  // Sent twice because the first answer was lost: what was to be removed may be gone already.
  if (answer.attempts > 1 && answer.body?.scimType === 'noTarget') return;
  expectStatus(answer, 'update a user', 200, 204);
  if (answer.status === 200) expectResource(answer, 'update a user', 'Users', id);
}

async function createUser(cycle: Cycle, user: SourceUser): Promise<ScimObject> {
  const wanted = wantedAttributes(user, cycle.mapping);
  const random = cycle.random('create', user.objectId);
  const { isOdd } = cycle.manner;
  const body = newUserBody(wanted, random, isOdd);
  const manager = user.strayManager ?? cycle.target.users.idOf(user.managerId);
  const isManaged = isOdd && manager !== undefined && random.chance(MANAGER_IN_CREATE);
  const sent = isManaged ? withManager(body, manager, random) : body;
  const made = await create(cycle.talk(user.objectId), 'Users', sent, wanted, () => matchUser(cycle, user));
  cycle.target.users.rememberMade(user.objectId, String(made.id));
  return made;
}

function outcomeOf(changes: readonly Difference[]): Outcome {
  const active = changes.find(({ path }) => path === 'active');
  if (!active) return 'updated';
  return active.wanted === true ? 'restored' : 'disabled';
}
