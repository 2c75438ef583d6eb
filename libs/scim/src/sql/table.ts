import { ENTERPRISE_USER_SCHEMA } from '../schema/enterprise-user.schema.js';
import { foldedSql, jsonText } from './json.js';

/** A B-tree takes no longer texts than some 2,700 bytes; what is longer is found by its beginning. */
export const PREFIX_LENGTH = 200;
const EMPLOYEE_NUMBER = `${ENTERPRISE_USER_SCHEMA}:employeeNumber`;

/** How a column holds its values: as text, as text folded with foldKey, or as a PostgreSQL type of its own. */
type Holding = 'text' | 'folded' | 'uuid' | 'boolean' | 'instant';

export interface SqlColumn {
  /** An SQL expression, a column as a rule. Written by this project, never by a caller. */
  readonly sql: string;
  readonly holds: Holding;
  /** There is an index in the order of its values, texts by code point. */
  readonly isOrdered?: true;
  /** What an index has of a text of any length: PREFIX_LENGTH characters of it, folded. */
  readonly prefix?: string;
}

interface Relation {
  readonly from: string;
  readonly columns: Readonly<Record<string, SqlColumn>>;
}

/**
 * Where a table keeps what a filter may name. Paths are canonical (`userName`, `meta.created`, `emails.value`); whatever is
 * not listed is looked up in the jsonb column.
 */
export interface SqlTable {
  /** The jsonb column with the canonical attributes. */
  readonly json: string;
  readonly columns: Readonly<Record<string, SqlColumn>>;
  /** text[] columns with the folded values of a multi-valued attribute, for an index that finds candidates. */
  readonly keys: Readonly<Record<string, string>>;
  /** Attributes in the jsonb column of which an index has the beginning, folded: that expression, as the index has it. */
  readonly prefixes: Readonly<Record<string, string>>;
  /** Multi-valued attributes that are rows of another table: what follows `from`, and a column for each sub-attribute. */
  readonly relations: Readonly<Record<string, Relation>>;
}

/** The directory's table of users, with alias `r`. */
export const USER_TABLE: SqlTable = {
  json: 'r.attributes',
  columns: {
    id: { sql: 'r.id', holds: 'uuid' },
    externalId: { sql: 'r.external_id', holds: 'text', isOrdered: true },
    userName: { sql: 'r.user_name_key', holds: 'folded', isOrdered: true },
    displayName: { sql: 'r.display_name_key', holds: 'folded', isOrdered: true },
    active: { sql: 'r.active', holds: 'boolean' },
    meta: { sql: `'meta'::text`, holds: 'text' },
    'meta.resourceType': { sql: `'User'::text`, holds: 'text' },
    'meta.created': { sql: 'r.created_at', holds: 'instant' },
    'meta.lastModified': { sql: 'r.last_modified', holds: 'instant', isOrdered: true },
    'meta.version': { sql: `('W/"' || r.version || '"')`, holds: 'text' },
  },
  keys: { 'emails.value': 'r.email_keys' },
  prefixes: {
    [EMPLOYEE_NUMBER]: foldedSql(
      `left(${jsonText('r.attributes', [ENTERPRISE_USER_SCHEMA, 'employeeNumber'])}, ${PREFIX_LENGTH})`,
    ),
  },
  relations: {
    groups: {
      from: 'group_member e where e.member_id = r.id',
      columns: {
        value: { sql: 'e.group_id', holds: 'uuid' },
        display: {
          sql: `(select g.attributes->>'displayName' from groups g where g.directory_id = r.directory_id and g.id = e.group_id)`,
          holds: 'text',
        },
        type: { sql: `'direct'::text`, holds: 'text' },
      },
    },
  },
};

/** The directory's table of groups, with alias `r`. */
export const GROUP_TABLE: SqlTable = {
  json: 'r.attributes',
  columns: {
    id: { sql: 'r.id', holds: 'uuid' },
    externalId: { sql: 'r.external_id', holds: 'text', isOrdered: true },
    displayName: { sql: 'r.display_name_key', holds: 'folded', isOrdered: true },
    meta: { sql: `'meta'::text`, holds: 'text' },
    'meta.resourceType': { sql: `'Group'::text`, holds: 'text' },
    'meta.created': { sql: 'r.created_at', holds: 'instant' },
    'meta.lastModified': { sql: 'r.last_modified', holds: 'instant' },
    'meta.version': { sql: `('W/"' || r.version || '"')`, holds: 'text' },
  },
  keys: {},
  prefixes: {},
  relations: {
    members: {
      from: 'group_member e where e.group_id = r.id',
      columns: { value: { sql: 'e.member_id', holds: 'uuid' }, type: { sql: 'e.member_type', holds: 'text' } },
    },
  },
};
