import type { Random } from '../random.js';
import { patchBody } from './dialect.js';
import { ENTERPRISE_SCHEMA, MANAGER_PATH, type ScimObject } from './scim-object.js';
import type { ManagerChoice, Style } from './style.js';

type Form = Exclude<ManagerChoice, 'any'>;

/** The separate PATCH that names another manager, in one of the forms that reach servers. */
export function setManager(managerId: string, style: Style, random: Random): ScimObject {
  const op = random.pick(style.dialect === 'legacy' ? ['Add', 'Replace'] : ['add', 'replace']);
  if (style.isOdd && style.dialect === 'flag' && random.chance(0.3)) {
    return patchBody([{ op, value: random.pick(withoutPath(managerId)) }]);
  }
  return patchBody([{ op, ...written(formOf(style, random), managerId) }]);
}

function formOf({ manager, dialect, isOdd }: Style, random: Random): Form {
  if (manager !== 'any') return manager;
  if (isOdd) return random.pick(['text', 'object', 'list', 'dot']);
  if (dialect === 'legacy') return random.pick(['text', 'text', 'text', 'list', 'dot']);
  return random.pick(['text', 'object']);
}

function written(form: Form, managerId: string): { path: string; value: unknown } {
  switch (form) {
    case 'text':
      return { path: MANAGER_PATH, value: managerId };
    case 'object':
      return { path: MANAGER_PATH, value: { value: managerId } };
    case 'list': // The form of the older documentation: an unqualified name, and a list.
      return { path: 'manager', value: [{ $ref: `../Users/${managerId}`, value: managerId }] };
    case 'dot': // A dot where the URN should go on with a colon.
      return { path: `${ENTERPRISE_SCHEMA}.manager`, value: managerId };
  }
}

const withoutPath = (managerId: string): readonly [ScimObject, ...ScimObject[]] => [
  { [MANAGER_PATH]: managerId },
  { [ENTERPRISE_SCHEMA]: { manager: { value: managerId } } },
  { [ENTERPRISE_SCHEMA]: { Manager: { Value: managerId } } },
];

/** The PATCH that clears the manager; some forms name the one who goes. */
export function clearManager(formerId: string, { dialect, isOdd }: Style, random: Random): ScimObject {
  const op = dialect === 'legacy' ? 'Remove' : 'remove';
  const empty = dialect === 'legacy' ? 'Replace' : 'replace';
  const plain = { op, path: MANAGER_PATH };
  const named = { op, path: `${MANAGER_PATH}[value eq "${formerId}"]` };
  const byText = { op: empty, path: MANAGER_PATH, value: random.pick(['', null]) };
  const byObject = { op: empty, path: MANAGER_PATH, value: { value: '' } };
  const short = { op, path: `manager[value eq "${formerId}"]` };
  if (isOdd) return patchBody([random.pick([plain, named, byText, byObject, short, { ...plain, value: formerId }])]);
  return patchBody([random.pick(dialect === 'legacy' ? [plain, byText, named] : [plain, named, byObject])]);
}
