import type { Random } from '../random.js';
import { isValuePath, writeAt } from './attribute-path.js';
import { ROLE_TYPE } from './role-mapping.js';
import {
  ENTERPRISE_SCHEMA,
  MANAGER_PATH,
  USER_SCHEMA,
  isScimObject,
  objectsIn,
  type ScimObject,
} from './scim-object.js';
import type { WantedAttributes } from './wanted.js';

/** A schema that is not one: Microsoft's documentation has it without the colon. */
const MISTYPED_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User';

/** The body of a create: the whole mapping, in one of the variants that have really reached servers. */
export function newUserBody(wanted: WantedAttributes, random: Random, isOdd = false): ScimObject {
  const body: ScimObject = { schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA] };
  for (const [path, value] of wanted) if (value !== undefined) writeAt(body, path, value);
  body.meta = meta(random);
  body.roles = rolesOf(body.roles, random);
  if (random.chance(0.4)) body.active = body.active === true ? 'True' : 'False';
  if (random.chance(0.3)) addNulls(body, wanted);
  if (isOdd) addOddities(body, random);
  return random.chance(0.1) ? capitalised(body) : body;
}

/** Names the manager in the create, which Entra does seldom, in one of the forms that were seen there. */
export function withManager(body: ScimObject, managerId: string, random: Random): ScimObject {
  writeAt(body, MANAGER_PATH, random.pick<unknown>([managerId, { value: managerId }]));
  return body;
}

/** Always there, if only as an empty list. The one that is mapped by SingleAppRoleAssignment also has a type. */
function rolesOf(roles: unknown, random: Random): ScimObject[] {
  return objectsIn(roles).map((role) =>
    role.primary === true ? { ...role, type: ROLE_TYPE, primary: random.pick<unknown>([true, 'True']) } : role,
  );
}

/** Read-only, so a server ignores it; some versions of the client send dates as well. */
function meta(random: Random): ScimObject {
  if (random.chance(0.8)) return { resourceType: 'User' };
  return { resourceType: 'User', created: '2024-03-27T19:59:26.000Z', lastModified: '2024-03-27T19:59:26.000Z' };
}

/** What the source does not hold arrives as an explicit null: an absent list as a whole, never half a list. */
function addNulls(body: ScimObject, wanted: WantedAttributes): void {
  for (const [path, value] of wanted) {
    if (value !== undefined || path === 'roles') continue;
    if (!isValuePath(path)) writeAt(body, path, null);
    else body[path.slice(0, path.indexOf('['))] ??= null;
  }
  writeAt(body, MANAGER_PATH, null);
}

/** Extensions that `schemas` does not name, a schema that nobody has, attributes and a second address that nobody maps. */
function addOddities(body: ScimObject, random: Random): void {
  if (random.chance(0.2)) body.schemas = random.pick([[USER_SCHEMA], [USER_SCHEMA, MISTYPED_SCHEMA]]);
  if (random.chance(0.1)) body.shoeSize = 44;
  if (random.chance(0.1))
    body.emails = [...objectsIn(body.emails), { type: 'work', primary: false, value: 'b@example.com' }];
  if (random.chance(0.1)) body.ims = [{ type: 'skype' }];
}

/** Sub-attributes as Microsoft's own test collection writes them: `Primary`, `Department`. Names have no case. */
function capitalised(body: ScimObject): ScimObject {
  const extension = body[ENTERPRISE_SCHEMA];
  return {
    ...body,
    ...(body.emails === undefined || body.emails === null
      ? {}
      : { emails: objectsIn(body.emails).map(capitalisedKeys) }),
    ...(isScimObject(extension) ? { [ENTERPRISE_SCHEMA]: capitalisedKeys(extension) } : {}),
  };
}

const capitalisedKeys = (object: ScimObject): ScimObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]));
