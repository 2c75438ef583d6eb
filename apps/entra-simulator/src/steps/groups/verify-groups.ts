import { differences, memberIdsIn } from '../../mapping/compare.js';
import { wantedGroupAttributes } from '../../mapping/group-mapping.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import { resourcesOf } from '../../protocol/find.js';
import type { Talk } from '../../protocol/scim.talk.js';
import type { Random } from '../../random.js';
import type { SourceGroup } from '../../source/source.js';
import type { Cycle } from '../cycle.js';
import { nameOfGroup } from './groups.js';
import { readGroup } from './group-requests.js';
import { targetIds } from './members.js';

const GROUPS_AT_ONCE = 4;

/** Reads every group with its members, also those nobody wrote to: disabling a member must not take it out. */
export async function verifyGroups(cycle: Cycle, groups: readonly SourceGroup[]): Promise<void> {
  const sound = groups.filter(
    ({ objectId }) => cycle.target.groups.idOf(objectId) !== undefined && cycle.ledger.outcomeOf(objectId) !== 'failed',
  );
  await cycle.each('check of groups', sound, nameOfGroup, (group) => verifyGroup(cycle, group), {
    limit: GROUPS_AT_ONCE,
  });
}

async function verifyGroup(cycle: Cycle, group: SourceGroup): Promise<void> {
  const id = cycle.target.groups.idOf(group.objectId) ?? '';
  const request = `GET /Groups/${id}`;
  const found = await readGroup(cycle.talk(group.objectId), id, 'with members');
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
  const random = cycle.random('check', group.objectId);
  const outsiders = cycle.target.users.ids().filter((user) => !present.has(user));
  const [member] = random.shuffled(wanted);
  const [outsider] = random.shuffled(outsiders);
  const talk = cycle.talk(group.objectId);
  if (member !== undefined) await expectMembership(talk, id, member, true, random);
  if (outsider !== undefined) await expectMembership(talk, id, outsider, false, random);
}

/** The reference check: is this user a member, asked without reading the group. */
async function expectMembership(
  talk: Talk,
  id: string,
  user: string,
  isMember: boolean,
  random: Random,
): Promise<void> {
  const doing = 'check a member by filter';
  const terms = random.shuffled([`id eq "${id}"`, `members eq "${user}"`]);
  const answer = await talk.get('/Groups', [
    ['excludedAttributes', 'members'],
    ['filter', terms.join(' and ')],
  ]);
  const found = resourcesOf(answer, doing);
  if (found.length === (isMember ? 1 : 0) && found.every((group) => group.id === id)) return;
  const wrong = isMember ? 'the group was not found' : 'the group was found by somebody who is not in it';
  throw new ProvisioningFailure(`${doing}: ${wrong}`, { request: answer.request, status: 200 });
}

const detailed = (request: string, members: readonly string[]) => ({
  request,
  detail: `${members.length}: ${members.slice(0, 3).join(', ')}`,
});
