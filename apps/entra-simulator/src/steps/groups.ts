import { differences } from '../mapping/compare.js';
import { attributePatch, dialectOf } from '../mapping/dialect.js';
import { newGroupBody } from '../mapping/group-body.js';
import { GROUP_MATCHES, wantedGroupAttributes } from '../mapping/group-mapping.js';
import type { ScimObject } from '../mapping/scim-object.js';
import { evidenceOf, expectStatus } from '../protocol/answer.js';
import { ProvisioningFailure } from '../protocol/failure.js';
import { findOne } from '../protocol/find.js';
import { expectResource } from '../protocol/resource-rules.js';
import type { SourceGroup } from '../source/source.js';
import { create } from './create.js';
import type { Cycle } from './cycle.js';
import { changesOfMembers, provisionMembers } from './members.js';

const GROUPS_AT_ONCE = 2;

/** Creates or renames each group, and then brings its members up to date. */
export async function provisionGroups(
  cycle: Cycle,
  groups: readonly SourceGroup[],
  formerly: ReadonlyMap<string, SourceGroup>,
): Promise<void> {
  const nameOf = (group: SourceGroup) => group.displayName;
  const provision = async (group: SourceGroup) => {
    const known = cycle.target.groups.idOf(group.objectId) !== undefined;
    const found = await groupInTarget(cycle, group);
    const id = found ? String(found.id) : await createGroup(cycle, group);
    if (found) await update(cycle, group, found);
    // What the target holds is only unknown where it was matched, or where an earlier cycle went wrong.
    const before = known ? formerly.get(group.objectId) : undefined;
    const joinedBefore = found ? before?.memberIds : [];
    await provisionMembers(cycle, group, id, await changesOfMembers(cycle, group, id, joinedBefore));
  };
  await cycle.each('groups', groups, nameOf, provision, GROUPS_AT_ONCE);
}

async function groupInTarget(cycle: Cycle, group: SourceGroup): Promise<ScimObject | undefined> {
  const anchor = cycle.target.groups.idOf(group.objectId);
  if (anchor !== undefined) return readWithoutMembers(cycle, anchor);
  for (const { path, from } of GROUP_MATCHES) {
    const match = await findOne(cycle.client, 'Groups', path, from(group));
    if (!match) continue;
    cycle.target.groups.remember(group.objectId, String(match.id));
    return readWithoutMembers(cycle, String(match.id));
  }
  return undefined;
}

async function readWithoutMembers(cycle: Cycle, id: string): Promise<ScimObject> {
  const answer = await cycle.client.get(`/Groups/${id}`, [['excludedAttributes', 'members']]);
  if (answer.status === 404) throw new ProvisioningFailure('read a group: InvalidAnchor', evidenceOf(answer));
  expectStatus(answer, 'read a group', 200);
  const group = expectResource(answer, 'read a group', 'Groups', id);
  if (!('members' in group)) return group;
  throw new ProvisioningFailure('read a group: members came back although they were excluded', evidenceOf(answer));
}

async function createGroup(cycle: Cycle, group: SourceGroup): Promise<string> {
  const body = newGroupBody(group, cycle.random('create', group.objectId));
  const again = () => findOne(cycle.client, 'Groups', 'displayName', group.displayName);
  const id = await create(cycle.client, 'Groups', body, wantedGroupAttributes(group), again);
  cycle.target.groups.remember(group.objectId, id);
  cycle.ledger.note(group.objectId, 'created');
  return id;
}

async function update(cycle: Cycle, group: SourceGroup, found: ScimObject): Promise<void> {
  const changes = differences(wantedGroupAttributes(group), found);
  cycle.ledger.note(group.objectId, changes.length > 0 ? 'updated' : 'skipped');
  if (changes.length === 0) return;
  const random = cycle.random('update', group.objectId);
  await patchGroup(cycle, String(found.id), attributePatch(changes, dialectOf(cycle.manner.dialect, random), random));
}

/** A group PATCH is answered by 204 and nothing, or by the group as it is now. */
export async function patchGroup(cycle: Cycle, id: string, body: ScimObject): Promise<void> {
  const answer = await cycle.client.patch(`/Groups/${id}`, body);
  expectStatus(answer, 'update a group', 204, 200);
  if (answer.status === 200) expectResource(answer, 'update a group', 'Groups', id);
}
