import type { Random } from '../random.js';
import { patchBody, type Dialect } from './dialect.js';
import { ENTERPRISE_SCHEMA, MANAGER_PATH, type ScimObject } from './scim-object.js';

interface Form {
  path: string;
  value: unknown;
}

/** The separate PATCH that names another manager, in one of the forms that reach servers. */
export function setManager(managerId: string, dialect: Dialect, random: Random): ScimObject {
  const plain: Form = { path: MANAGER_PATH, value: managerId };
  if (dialect === 'flag') {
    return patchBody([{ op: random.pick(['add', 'replace']), ...random.pick([plain, withObject(managerId)]) }]);
  }
  const form = random.pick([plain, plain, plain, withReference(managerId), withDot(managerId)]);
  return patchBody([{ op: random.pick(['Add', 'Replace']), ...form }]);
}

/** The PATCH that clears the manager; some forms name the one who goes. */
export function clearManager(formerId: string, dialect: Dialect, random: Random): ScimObject {
  const named = { path: `${MANAGER_PATH}[value eq "${formerId}"]` };
  if (dialect === 'flag') {
    const emptied = { op: 'replace', path: MANAGER_PATH, value: { value: '' } };
    return patchBody([random.pick([{ op: 'remove', path: MANAGER_PATH }, { op: 'remove', ...named }, emptied])]);
  }
  const remove = { op: 'Remove', path: MANAGER_PATH };
  const emptied = { op: 'Replace', path: MANAGER_PATH, value: random.pick(['', null]) };
  return patchBody([random.pick([remove, emptied, { op: 'Remove', ...named }])]);
}

const withObject = (managerId: string): Form => ({ path: MANAGER_PATH, value: { value: managerId } });

/** The form of the older documentation: an unqualified name, and a list. */
const withReference = (managerId: string): Form => ({
  path: 'manager',
  value: [{ $ref: `../Users/${managerId}`, value: managerId }],
});

/** A dot where the URN should go on with a colon. */
const withDot = (managerId: string): Form => ({ path: `${ENTERPRISE_SCHEMA}.manager`, value: managerId });
