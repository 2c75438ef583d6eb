import type { RebuildDifference } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import { READ_MODEL, type ReadModelTable, rebuilt, TABLES } from './read-model.tables.js';

const TOLD_MAX = 1_000;

/** What was found between the read model in force and the rebuilt one: how much, and the first of it. */
export interface Comparison {
  rows: Record<ReadModelTable, number>;
  total: number;
  differences: RebuildDifference[];
}

/**
 * Compares every column of every row. Both must stand at the same events: call it in one transaction that sees both as of one
 * moment, with the rebuilt tables brought up to that moment's positions.
 */
export async function compare(statements: Statements): Promise<Comparison> {
  const rows: Partial<Record<ReadModelTable, number>> = {};
  const differences: RebuildDifference[] = [];
  let total = 0;
  for (const table of TABLES) {
    const text = `select count(*) as n from ${rebuilt(table)}`;
    rows[table] = (await statements.query<{ n: number }>('', text))[0]?.n ?? 0;
    const found = await differencesIn(statements, table, TOLD_MAX - differences.length);
    differences.push(...found.differences);
    total += found.total;
  }
  return { rows: rows as Record<ReadModelTable, number>, total, differences };
}

async function differencesIn(statements: Statements, table: ReadModelTable, most: number) {
  const columns = await statements.query<{ name: string; is_json: boolean }>(
    '',
    `select attname as name, atttypid = 'json'::regtype as is_json from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const keys: readonly string[] = READ_MODEL[table];
  const differs = columns
    .filter(({ name }) => !keys.includes(name))
    .map(({ name, is_json: isJson }) => {
      const cast = isJson ? '::text' : ''; // json has no equality
      return `case when o.${name}${cast} is distinct from n.${name}${cast} then '${name}' end`;
    });
  const key = keys.map((name) => `${name}::text`).join(` || '/' || `);
  const [first = ''] = keys;
  const rows = await statements.query<{
    key: string;
    is_missing: boolean;
    is_surplus: boolean;
    columns: string[];
    total: number;
  }>(
    '',
    `select d.*, count(*) over () as total from (
       select ${key} as key, o.${first} is null as is_missing, n.${first} is null as is_surplus,
              array_remove(array[${differs.join(', ')}]::text[], null) as columns
         from ${table} o full join ${rebuilt(table)} n using (${keys.join(', ')})) d
      where is_missing or is_surplus or cardinality(columns) > 0 limit ${Math.max(1, most)}`,
  );
  const differences = rows.slice(0, most).map((row): RebuildDifference => {
    if (row.is_missing) return { table, key: row.key, what: 'missing' };
    if (row.is_surplus) return { table, key: row.key, what: 'surplus' };
    return { table, key: row.key, what: 'different', columns: row.columns };
  });
  return { differences, total: rows[0]?.total ?? 0 };
}
