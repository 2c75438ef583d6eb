import { attributePatch } from '../../mapping/attribute-patch.js';
import { differences } from '../../mapping/compare.js';
import { newGroupBody } from '../../mapping/group-body.js';
import { GROUP_MATCHES, wantedGroupAttributes } from '../../mapping/group-mapping.js';
import type { ScimObject } from '../../mapping/scim-object.js';
import { findOne } from '../../protocol/find.js';
import type { SourceGroup } from '../../source/source.js';
import { create } from '../create.js';
import type { Cycle } from '../cycle.js';
import { patchGroup, readGroup } from './group-requests.js';
import { changesOfMembers, provisionMembers } from './members.js';

const GROUPS_AT_ONCE = 2;

export const nameOfGroup = (group: SourceGroup) => group.displayName;

/** Creates or renames each group, and then brings its members up to date. */
export async function provisionGroups(
  cycle: Cycle,
  groups: readonly SourceGroup[],
  formerly: ReadonlyMap<string, SourceGroup>,
): Promise<void> {
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
  await cycle.each('groups', groups, nameOfGroup, provision, { limit: GROUPS_AT_ONCE });
}

async function groupInTarget(cycle: Cycle, group: SourceGroup): Promise<ScimObject | undefined> {
  const talk = cycle.talk(group.objectId);
  const anchor = cycle.target.groups.idOf(group.objectId);
  if (anchor !== undefined) return readGroup(talk, anchor, 'without members');
  for (const { path, from } of GROUP_MATCHES) {
    const match = await findOne(talk, 'Groups', path, from(group));
    if (!match) continue;
    cycle.target.groups.remember(group.objectId, String(match.id));
    return readGroup(talk, String(match.id), 'without members');
  }
  return undefined;
}

async function createGroup(cycle: Cycle, group: SourceGroup): Promise<string> {
  const body = newGroupBody(group, cycle.random('create', group.objectId));
  const talk = cycle.talk(group.objectId);
  const again = () => findOne(talk, 'Groups', 'displayName', group.displayName);
  const { id } = await create(talk, 'Groups', body, wantedGroupAttributes(group), again);
  cycle.target.groups.rememberMade(group.objectId, String(id));
  cycle.ledger.note(group.objectId, 'created');
  return String(id);
}

async function update(cycle: Cycle, group: SourceGroup, found: ScimObject): Promise<void> {
  const changes = differences(wantedGroupAttributes(group), found);
  cycle.ledger.note(group.objectId, changes.length > 0 ? 'updated' : 'skipped');
  if (changes.length === 0) return;
  const random = cycle.random('update', group.objectId);
  const body = attributePatch(changes, cycle.style(random), random);
  await patchGroup(cycle.talk(group.objectId), String(found.id), body);
}
