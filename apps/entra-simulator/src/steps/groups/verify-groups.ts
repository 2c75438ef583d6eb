import { differences, memberIdsIn } from '../../mapping/compare.js';
import { wantedGroupAttributes } from '../../mapping/group-mapping.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import { resourcesOf } from '../../protocol/find.js';
import type { SourceGroup } from '../../source/source.js';
import type { Cycle } from '../cycle.js';
import { readGroup } from './group-requests.js';
import { targetIds } from './members.js';

const GROUPS_AT_ONCE = 4;

/** Reads every group with its members, also those nobody wrote to: disabling a member must not take it out. */
export async function verifyGroups(cycle: Cycle, groups: readonly SourceGroup[]): Promise<void> {
  const sound = groups.filter(
    ({ objectId }) => cycle.target.groups.idOf(objectId) !== undefined && cycle.ledger.outcomeOf(objectId) !== 'failed',
  );
  const nameOf = (group: SourceGroup) => group.displayName;
  await cycle.each('check of groups', sound, nameOf, (group) => verifyGroup(cycle, group), GROUPS_AT_ONCE);
}

async function verifyGroup(cycle: Cycle, group: SourceGroup): Promise<void> {
  const id = cycle.target.groups.idOf(group.objectId) ?? '';
  const request = `GET /Groups/${id}`;
  const found = await readGroup(cycle, id, 'with members');
  const [wrong] = differences(wantedGroupAttributes(group), found);
  if (wrong) throw new ProvisioningFailure(`check a group: ${wrong.path} is not what was sent`, { request });
  const wanted = targetIds(cycle, group.memberIds);
  const present = memberIdsIn(found);
  const lost = [...wanted].filter((member) => !present.has(member));
  const extra = [...present].filter((member) => cycle.target.users.isOurs(member) && !wanted.has(member));
  if (lost.length > 0) throw new ProvisioningFailure('check a group: members are missing', detailed(request, lost));
  if (extra.length > 0) {
    throw new ProvisioningFailure('check a group: members are still there', detailed(request, extra));
  }
  const [member] = cycle.random('check', group.objectId).shuffled(wanted);
  if (member !== undefined) await expectMember(cycle, id, member);
}

/** The reference check: is this user a member, asked without reading the group. */
async function expectMember(cycle: Cycle, id: string, member: string): Promise<void> {
  const doing = 'check a member by filter';
  const answer = await cycle.client.get('/Groups', [['filter', `id eq "${id}" and members eq "${member}"`]]);
  const found = resourcesOf(answer, doing);
  if (found.length === 1 && found[0]?.id === id) return;
  throw new ProvisioningFailure(`${doing}: the group was not found`, { request: answer.request, status: 200 });
}

const detailed = (request: string, members: readonly string[]) => ({
  request,
  detail: `${members.length}: ${members.slice(0, 3).join(', ')}`,
});
