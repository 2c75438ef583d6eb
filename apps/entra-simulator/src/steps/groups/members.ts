import { inParallel } from '../../in-parallel.js';
import { memberIdsIn } from '../../mapping/compare.js';
import { memberPatches, type MemberChanges } from '../../mapping/member-patches.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import type { SourceGroup } from '../../source/source.js';
import type { Cycle } from '../cycle.js';
import { patchGroup, readGroup } from './group-requests.js';

/** As many changes of one group as have been seen on their way at the same time. */
const PATCHES_AT_ONCE = 5;

/**
 * Who has to join and to leave. Entra does not read members back: it knows from the last cycle who is in.
 * Only where it cannot know (`memberIdsBefore` is `undefined`) the group is read.
 */
export async function changesOfMembers(
  cycle: Cycle,
  group: SourceGroup,
  id: string,
  memberIdsBefore: readonly string[] | undefined,
): Promise<MemberChanges> {
  const wanted = targetIds(cycle, group.memberIds);
  const present = memberIdsBefore ? targetIds(cycle, memberIdsBefore) : await oursIn(cycle, group, id);
  // Somebody who failed is no member yet: the group is looked at again in the next cycle.
  if (wanted.size < group.memberIds.length) cycle.again(group.objectId);
  const isKnown = memberIdsBefore !== undefined && cycle.target.groups.isMade(group.objectId);
  return {
    join: [...wanted].filter((member) => !present.has(member)),
    leave: [...present].filter((member) => !wanted.has(member)),
    ...(isKnown ? { whole: [...wanted] } : {}),
  };
}

/** Sends the changes of members, several requests on the one group at the same time. */
export async function provisionMembers(
  cycle: Cycle,
  group: SourceGroup,
  id: string,
  changes: MemberChanges,
): Promise<void> {
  const bodies = memberPatches(changes, cycle.manner, cycle.random('members', group.objectId));
  if (bodies.length > 0) cycle.ledger.note(group.objectId, 'updated');
  await inParallel(bodies, PATCHES_AT_ONCE, async (body) => {
    try {
      await patchGroup(cycle.talk(group.objectId), id, body);
    } catch (error) {
      if (!(error instanceof ProvisioningFailure)) throw error;
      // The other changes are still sent: one lost request must not hide the rest.
      cycle.ledger.fail(group.objectId, group.displayName, error.reason, error.evidence, true);
      cycle.again(group.objectId);
    }
  });
}

/** The ids, in the target, of those source users that are there. */
export function targetIds(cycle: Cycle, objectIds: readonly string[]): ReadonlySet<string> {
  return new Set(objectIds.flatMap((objectId) => cycle.target.users.idOf(objectId) ?? []));
}

async function oursIn(cycle: Cycle, group: SourceGroup, groupId: string): Promise<ReadonlySet<string>> {
  const members = memberIdsIn(await readGroup(cycle.talk(group.objectId), groupId, 'with members'));
  return new Set([...members].filter((member) => cycle.target.users.isOurs(member)));
}
