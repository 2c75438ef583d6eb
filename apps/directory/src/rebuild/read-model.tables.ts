/** The tables that are made from the events alone, with what tells their rows apart. Whatever is not here is kept by a rebuild. */
export const READ_MODEL = {
  directory: ['id'],
  directory_schema: ['directory_id'],
  users: ['directory_id', 'id'],
  groups: ['directory_id', 'id'],
  group_member: ['group_id', 'member_id'],
} as const;

export type ReadModelTable = keyof typeof READ_MODEL;
export const TABLES = Object.keys(READ_MODEL) as ReadModelTable[];

const PREFIX = 'rebuilt_';

/** What stands beside a table, an index or a constraint of the read model in force until it takes its place. */
export const rebuilt = (name: string): string => `${PREFIX}${name}`;

/** What it will be called when it is in force. */
export const inForce = (name: string): string => name.slice(PREFIX.length);
