import type { Random } from '../random.js';
import { isValuePath, writeAt } from './attribute-path.js';
import { ENTERPRISE_SCHEMA, USER_SCHEMA, isScimObject, type ScimObject } from './scim-object.js';
import type { WantedAttributes } from './user-mapping.js';

/** The body of a create: the whole mapping, in one of the variants that have really reached servers. */
export function newUserBody(wanted: WantedAttributes, random: Random): ScimObject {
  const body: ScimObject = { schemas: [USER_SCHEMA, ENTERPRISE_SCHEMA] };
  for (const [path, value] of wanted) if (value !== undefined) writeAt(body, path, value);
  body.meta = meta(random);
  body.roles = [];
  if (random.chance(0.4)) body.active = body.active === true ? 'True' : 'False';
  if (random.chance(0.3)) addNulls(body, wanted);
  return random.chance(0.1) ? capitalised(body) : body;
}

/** Read-only, so a server ignores it; some versions of the client send dates as well. */
function meta(random: Random): ScimObject {
  if (random.chance(0.8)) return { resourceType: 'User' };
  return { resourceType: 'User', created: '2024-03-27T19:59:26.000Z', lastModified: '2024-03-27T19:59:26.000Z' };
}

/** What the source does not hold arrives as an explicit null: an absent list as a whole, never half a list. */
function addNulls(body: ScimObject, wanted: WantedAttributes): void {
  for (const [path, value] of wanted) {
    if (value !== undefined) continue;
    if (!isValuePath(path)) writeAt(body, path, null);
    else body[path.slice(0, path.indexOf('['))] ??= null;
  }
  writeAt(body, `${ENTERPRISE_SCHEMA}:manager`, null);
}

/** Sub-attributes as Microsoft's own test collection writes them: `Primary`, `Department`. Names have no case. */
function capitalised(body: ScimObject): ScimObject {
  const extension = body[ENTERPRISE_SCHEMA];
  const emails: unknown[] = Array.isArray(body.emails) ? body.emails : [];
  return {
    ...body,
    emails: emails.map((email) => (isScimObject(email) ? capitalisedKeys(email) : email)),
    ...(isScimObject(extension) ? { [ENTERPRISE_SCHEMA]: capitalisedKeys(extension) } : {}),
  };
}

const capitalisedKeys = (object: ScimObject): ScimObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]));
