import type { Random } from '../random.js';
import { dialectOf, type Dialect, type DialectChoice } from './dialect.js';
import type { MatchChoice } from './user-match.js';
import type { RoleChoice } from './role-mapping.js';

export const BOOLEAN_CHOICES = ['dialect', 'text', 'lower', 'real'] as const;
export const MANAGER_CHOICES = ['any', 'text', 'object', 'list', 'dot'] as const;
export const REMOVAL_CHOICES = ['dialect', 'list', 'filter'] as const;

/** `text` is "False", `lower` "false", `real` false; `dialect` leaves it to the dialect. */
export type BooleanChoice = (typeof BOOLEAN_CHOICES)[number];
/** How a PATCH names a manager; `any` of the forms that are seen in a dialect. */
export type ManagerChoice = (typeof MANAGER_CHOICES)[number];
/** How a PATCH names the members to remove. */
export type RemovalChoice = (typeof REMOVAL_CHOICES)[number];

/** How requests are written in a run. */
export interface Styles {
  dialect: DialectChoice;
  booleans: BooleanChoice;
  manager: ManagerChoice;
  removal: RemovalChoice;
  roles: RoleChoice;
  matchBy: MatchChoice;
  /** Also the odd variants that somebody has once seen: names in other cases, members as bare texts, paths with slashes. */
  isOdd: boolean;
}

/** What `--chaos` plays: everything of everything. */
export const CHAOS: Styles = {
  dialect: 'any',
  booleans: 'dialect',
  manager: 'any',
  removal: 'dialect',
  roles: 'mixed',
  matchBy: 'random',
  isOdd: true,
};

/** How one request is written. */
export interface Style {
  dialect: Dialect;
  booleans: BooleanChoice;
  manager: ManagerChoice;
  removal: 'list' | 'filter';
  isOdd: boolean;
}

/** Decides for one request. */
export function styleOf({ dialect: choice, booleans, manager, removal, isOdd }: Styles, random: Random): Style {
  const dialect = dialectOf(choice, random);
  const byDialect = dialect === 'legacy' ? 'list' : 'filter';
  const decided = isOdd ? random.pick(['list', 'filter'] as const) : byDialect;
  return { dialect, booleans, manager, removal: removal === 'dialect' ? decided : removal, isOdd };
}
