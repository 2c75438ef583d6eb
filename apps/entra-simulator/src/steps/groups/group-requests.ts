import type { ScimObject } from '../../mapping/scim-object.js';
import { evidenceOf, expectStatus } from '../../protocol/answer.js';
import { ProvisioningFailure } from '../../protocol/failure.js';
import { expectResource } from '../../protocol/resource-rules.js';
import type { Talk } from '../../protocol/scim.talk.js';

/** Reads a group by the id the target gave. Without its members, as Entra does, or with them, to know them. */
export async function readGroup(talk: Talk, id: string, how: 'with members' | 'without members'): Promise<ScimObject> {
  const answer = await talk.get(`/Groups/${id}`, how === 'without members' ? [['excludedAttributes', 'members']] : []);
  if (answer.status === 404) throw new ProvisioningFailure('read a group: InvalidAnchor', evidenceOf(answer));
  expectStatus(answer, 'read a group', 200);
  const group = expectResource(answer, 'read a group', 'Groups', id);
  if (how === 'with members' || !('members' in group)) return group;
  throw new ProvisioningFailure('read a group: members came back although they were excluded', evidenceOf(answer));
}

/** A group PATCH is answered by 204 and nothing, or by the group as it is now. */
export async function patchGroup(talk: Talk, id: string, body: ScimObject): Promise<void> {
  const answer = await talk.patch(`/Groups/${id}`, body);
  expectStatus(answer, 'update a group', 204, 200);
  if (answer.status === 200) expectResource(answer, 'update a group', 'Groups', id);
}
