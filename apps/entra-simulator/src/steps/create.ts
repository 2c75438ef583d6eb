import { differences } from '../mapping/compare.js';
import type { ScimObject } from '../mapping/scim-object.js';
import type { WantedAttributes } from '../mapping/wanted.js';
import { evidenceOf, expectStatus } from '../protocol/answer.js';
import { ProvisioningFailure } from '../protocol/failure.js';
import type { Kind } from '../protocol/find.js';
import { expectResource } from '../protocol/resource-rules.js';
import type { Talk } from '../protocol/scim.talk.js';

/** Creates a resource, looks whether it came back as it was sent, and gives it as it is now. */
export async function create(
  talk: Talk,
  kind: Kind,
  body: ScimObject,
  wanted: WantedAttributes,
  findAgain: () => Promise<ScimObject | undefined>,
): Promise<ScimObject> {
  const doing = `create ${kind === 'Users' ? 'a user' : 'a group'}`;
  const answer = await talk.post(`/${kind}`, body);
  if (answer.status === 409 && answer.attempts > 1) {
    // An earlier attempt was lost on the way back, and may have been carried out all the same.
    const made = await findAgain();
    if (made) return made;
  }
  expectStatus(answer, doing, 201);
  const resource = expectResource(answer, doing, kind);
  const [wrong] = differences(wanted, resource);
  if (wrong) throw new ProvisioningFailure(`${doing}: ${wrong.path} came back differently`, evidenceOf(answer));
  if (!answer.location?.endsWith(`/${kind}/${String(resource.id)}`)) {
    throw new ProvisioningFailure(`${doing}: no Location header that names the resource`, evidenceOf(answer));
  }
  return resource;
}
