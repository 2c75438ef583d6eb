import type { ScimObject } from '../../mapping/scim-object.js';
import { matchesOf } from '../../mapping/user-match.js';
import { evidenceOf, expectStatus } from '../../protocol/answer.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import { findOne } from '../../protocol/find.js';
import { expectResource } from '../../protocol/resource-rules.js';
import type { Talk } from '../../protocol/scim.talk.js';
import type { SourceUser } from '../../source/source.js';
import type { Cycle } from '../cycle.js';

/** True for whoever has a matching attribute: nobody else is looked for, nor created. */
export const canBeMatched = (cycle: Cycle, user: SourceUser) => queriesFor(cycle, user).length > 0;

/** Looks for a user by the matching attributes in their order; the first hit counts. */
export async function matchUser(cycle: Cycle, user: SourceUser): Promise<ScimObject | undefined> {
  for (const { path, value } of queriesFor(cycle, user)) {
    const match = await findOne(cycle.talk(user.objectId), 'Users', path, value);
    if (match) return match;
  }
  return undefined;
}

/** Asks by every matching attribute, and gives the ids that were found, with `undefined` for a query without a hit. */
export async function idsByEachMatch(cycle: Cycle, user: SourceUser): Promise<unknown[]> {
  const ids: unknown[] = [];
  for (const { path, value } of queriesFor(cycle, user)) {
    ids.push((await findOne(cycle.talk(user.objectId), 'Users', path, value))?.id);
  }
  return ids;
}

function queriesFor(cycle: Cycle, user: SourceUser) {
  return matchesOf(cycle.manner.matchBy, user, cycle.random('match', user.objectId));
}

/** Reads a user by the id the target gave; an id that leads nowhere is what Entra's log calls `InvalidAnchor`. */
export async function readUser(talk: Talk, id: string): Promise<ScimObject> {
  const answer = await talk.get(`/Users/${id}`);
  if (answer.status === 404) throw new ProvisioningFailure('read a user: InvalidAnchor', evidenceOf(answer));
  expectStatus(answer, 'read a user', 200);
  return expectResource(answer, 'read a user', 'Users', id);
}
