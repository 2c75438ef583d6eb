import { patchBody } from '../mapping/dialect.js';
import type { Source, SourceGroup, SourceUser } from '../source/source.js';
import { Cycle } from './cycle.js';
import { nameOfGroup } from './groups/groups.js';
import { patchGroup, readGroup } from './groups/group-requests.js';
import { targetIds } from './groups/members.js';
import { testConnection } from './probe.js';
import { nameOfUser, provisionUser } from './users/users.js';

/** On-demand provisioning takes so many members of a group at once. */
const MEMBERS_MAX = 5;

/**
 * What an administrator does by hand before a cycle: some users that changed, and for every one of them a group with up to
 * five of its new members. Always in the legacy dialect, whatever flag the Tenant URL has; no roles, nobody restored.
 * The cycle that follows knows nothing of it, and sends the members again.
 */
export async function provisionOnDemand(
  cycle: Cycle,
  before: Source,
  after: Source,
  count: number,
  freshGuid: () => string,
): Promise<number> {
  const byHand = handIn(cycle);
  const random = cycle.random('on demand');
  const users = random.shuffled([...after.users.values()].filter((user) => isMeant(user, before))).slice(0, count);
  const groups = random.shuffled([...after.groups.values()].filter((group) => isGrown(cycle, group, before)));
  const picked = groups.slice(0, count);
  if (users.length + picked.length === 0) return 0;
  await testConnection(byHand, freshGuid);
  await byHand.each('users on demand', users, nameOfUser, async (user) => {
    await provisionUser(byHand, user);
  });
  await byHand.each('groups on demand', picked, nameOfGroup, (group) => addMembers(byHand, group, before));
  return users.length + picked.length;
}

const handIn = ({ number, target, manner, mapping, ledger, progress }: Cycle) =>
  new Cycle(number, target, { ...manner, dialect: 'legacy' }, { ...mapping, roles: 'none' }, ledger, progress);

/** Somebody new or changed who works, and did before: who comes back is left to the cycle. */
function isMeant(user: SourceUser, before: Source): boolean {
  const known = before.users.get(user.objectId);
  const isBack = known !== undefined && !(known.accountEnabled && known.isInScope);
  return known !== user && user.accountEnabled && user.isInScope && !isBack;
}

const newIn = (group: SourceGroup, before: Source) => {
  const former = new Set(before.groups.get(group.objectId)?.memberIds);
  return group.memberIds.filter((member) => !former.has(member));
};

const isGrown = (cycle: Cycle, group: SourceGroup, before: Source) =>
  cycle.target.groups.idOf(group.objectId) !== undefined && newIn(group, before).length > 0;

async function addMembers(cycle: Cycle, group: SourceGroup, before: Source): Promise<void> {
  const id = cycle.target.groups.idOf(group.objectId);
  const members = [...targetIds(cycle, newIn(group, before))].slice(0, MEMBERS_MAX);
  if (id === undefined || members.length === 0) return;
  const talk = cycle.talk(group.objectId);
  await readGroup(talk, id, 'without members');
  const value = members.map((member) => ({ $ref: null, value: member }));
  await patchGroup(talk, id, patchBody([{ op: 'Add', path: 'members', value }]));
  cycle.ledger.note(group.objectId, 'updated');
}
