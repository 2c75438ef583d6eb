import { differences } from '../mapping/compare.js';
import type { ScimObject } from '../mapping/scim-object.js';
import type { WantedAttributes } from '../mapping/user-mapping.js';
import { evidenceOf, expectStatus } from '../protocol/answer.js';
import { ProvisioningFailure } from '../protocol/failure.js';
import type { Kind } from '../protocol/find.js';
import { expectResource } from '../protocol/resource-rules.js';
import type { ScimClient } from '../protocol/scim.client.js';

/** Creates a resource, looks whether it came back as it was sent, and gives the id it has now. */
export async function create(
  client: ScimClient,
  kind: Kind,
  body: ScimObject,
  wanted: WantedAttributes,
  findAgain: () => Promise<ScimObject | undefined>,
): Promise<string> {
  const doing = `create ${kind === 'Users' ? 'a user' : 'a group'}`;
  const answer = await client.post(`/${kind}`, body);
  if (answer.status === 409 && answer.attempts > 1) {
    // An earlier attempt was lost on the way back, and may have been carried out all the same.
    const made = await findAgain();
    if (made) return String(made.id);
  }
  expectStatus(answer, doing, 201);
  const resource = expectResource(answer, doing, kind);
  const [wrong] = differences(wanted, resource);
  if (wrong) throw new ProvisioningFailure(`${doing}: ${wrong.path} came back differently`, evidenceOf(answer));
  const id = String(resource.id);
  if (!answer.location?.endsWith(`/${kind}/${id}`)) {
    throw new ProvisioningFailure(`${doing}: no Location header that names the resource`, evidenceOf(answer));
  }
  return id;
}
