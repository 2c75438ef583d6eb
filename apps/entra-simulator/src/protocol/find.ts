import { valuesAt } from '../mapping/attribute-path.js';
import { LIST_SCHEMA, isScimObject, type ScimObject } from '../mapping/scim-object.js';
import { evidenceOf, expectBody, expectStatus, type Answer } from './answer.js';
import { DuplicateTargets, ProvisioningFailure } from './failure.js';
import type { Talk } from './scim.talk.js';
import type { Query } from './query.js';

export type Kind = 'Users' | 'Groups';

/** Looks for the one resource with this value. Throws DuplicateTargets where there are more, and a ProvisioningFailure. */
export async function findOne(talk: Talk, kind: Kind, path: string, value: string): Promise<ScimObject | undefined> {
  const doing = `match ${kind.toLowerCase()} by ${path}`;
  const answer = await talk.get(`/${kind}`, matchQuery(kind, talk.equal(path, value)));
  const found = resourcesOf(answer, doing);
  const stranger = found.find((resource) => !valuesAt(resource, path).some((held) => isSame(held, value)));
  if (stranger) throw new ProvisioningFailure(`${doing}: the filter was not obeyed`, evidenceOf(answer));
  if (found.length > 1) throw new DuplicateTargets(`${doing}: DuplicateTargetEntries`, evidenceOf(answer));
  const [resource] = found;
  if (kind === 'Groups' && resource && 'members' in resource) {
    throw new ProvisioningFailure(`${doing}: members came back although they were excluded`, evidenceOf(answer));
  }
  return resource;
}

/** The resources of a list, after a look at the list itself. */
export function resourcesOf(answer: Answer, doing: string): ScimObject[] {
  expectStatus(answer, doing, 200);
  const { schemas, totalResults, Resources } = expectBody(answer, doing);
  const resources: unknown[] | undefined = Array.isArray(Resources) ? Resources : undefined;
  const isList = Array.isArray(schemas) && schemas.includes(LIST_SCHEMA) && typeof totalResults === 'number';
  if (!isList || !resources?.every(isScimObject)) {
    throw new ProvisioningFailure(`${doing}: the answer is not a ListResponse`, evidenceOf(answer));
  }
  if (totalResults !== resources.length) {
    throw new ProvisioningFailure(`${doing}: totalResults is not the number of Resources`, evidenceOf(answer));
  }
  return resources;
}

function matchQuery(kind: Kind, filter: string): Query {
  return kind === 'Groups'
    ? [
        ['excludedAttributes', 'members'],
        ['filter', filter],
      ]
    : [['filter', filter]];
}

const isSame = (found: unknown, wanted: string) =>
  typeof found === 'string' && found.toLowerCase() === wanted.toLowerCase();
