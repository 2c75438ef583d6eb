import { readAt } from '../mapping/attribute-path.js';
import { GROUP_SCHEMA, MANAGER_PATH, USER_SCHEMA, isScimObject, type ScimObject } from '../mapping/scim-object.js';
import { evidenceOf, expectBody, type Answer } from './answer.js';
import { ProvisioningFailure } from './failure.js';
import type { Kind } from './find.js';

const SCHEMA: Readonly<Record<Kind, string>> = { Users: USER_SCHEMA, Groups: GROUP_SCHEMA };
const LISTS = ['emails', 'phoneNumbers', 'addresses', 'roles', 'members'] as const;

/** The resource in an answer, provided that Entra can read it, and that it is the one asked for. */
export function expectResource(answer: Answer, doing: string, kind: Kind, id?: string): ScimObject {
  const resource = expectBody(answer, doing);
  const problem = problemWith(resource, kind, id);
  if (problem) throw new ProvisioningFailure(`${doing}: ${problem}`, evidenceOf(answer));
  return resource;
}

/** Why Entra cannot read a resource; nothing if it can. */
function problemWith(resource: ScimObject, kind: Kind, id?: string): string | undefined {
  if (typeof resource.id !== 'string' || resource.id === '') return 'the id is not a text';
  if (id !== undefined && resource.id !== id) return 'the id is another one';
  if (!Array.isArray(resource.schemas) || !resource.schemas.includes(SCHEMA[kind])) return 'the schema is missing';
  const broken = LISTS.find((name) => !isListOfObjects(resource[name]));
  if (broken) return `${broken} is not a list of objects`;
  if (kind === 'Groups') return undefined;
  if (typeof resource.active !== 'boolean') return `active is a ${typeof resource.active}, not a boolean`;
  const manager = readAt(resource, MANAGER_PATH);
  return (manager ?? undefined) === undefined || isScimObject(manager)
    ? undefined
    : 'the manager is not an object with a value';
}

const isListOfObjects = (value: unknown) =>
  value === undefined || (Array.isArray(value) && value.every((element) => isScimObject(element)));
