import type { Statements } from '#libs/postgres';
import { inForce, type ReadModelTable, rebuilt, TABLES } from './read-model.tables.js';

const INDEX = /^CREATE (UNIQUE )?INDEX (\w+) ON (?:\w+\.)?(\w+) (.*)$/;

/** Takes away what a rebuild that did not end has left. */
export async function clearShadow(statements: Statements): Promise<void> {
  await statements.query('', `drop table if exists ${TABLES.map(rebuilt).join(', ')}`);
}

/**
 * Makes an empty table beside each of the read model, with the columns, checks, settings and primary key of the one in force:
 * from the catalogue, so that migrations need not be told here. Other indexes come when the rows are there.
 */
export async function makeShadow(statements: Statements): Promise<void> {
  for (const table of TABLES) {
    await statements.query('', `create table ${rebuilt(table)} (like ${table} including all excluding indexes)`);
    const [row] = await statements.query<{ options: string[] | null }>(
      '',
      'select reloptions as options from pg_class where oid = $1::regclass',
      [table],
    );
    if (row?.options) await statements.query('', `alter table ${rebuilt(table)} set (${row.options.join(', ')})`);
    for (const { name, definition } of await primaryKeys(statements, table)) {
      await statements.query('', `alter table ${rebuilt(table)} add constraint ${rebuilt(name)} ${definition}`);
    }
  }
}

/** Makes the other indexes, and lets the planner know the rows. */
export async function indexShadow(statements: Statements): Promise<void> {
  for (const table of TABLES) {
    const keys = new Set((await primaryKeys(statements, table)).map(({ name }) => name));
    const indexes = await statements.query<{ definition: string }>(
      '',
      'select indexdef as definition from pg_indexes where schemaname = current_schema and tablename = $1 order by indexname',
      [table],
    );
    for (const { definition } of indexes) {
      const [, unique = '', name = '', , rest = ''] = INDEX.exec(definition) ?? [];
      if (name === '') throw new Error(`an index of a form that a rebuild does not know: ${definition}`);
      if (keys.has(name)) continue;
      await statements.query('', `create ${unique}index ${rebuilt(name)} on ${rebuilt(table)} ${rest}`);
    }
    await statements.query('', `vacuum (analyze) ${rebuilt(table)}`);
  }
}

/** Waits for a vacuum of the tables in force, or lets PostgreSQL break it off, and keeps others from beginning. Hinders nobody else. */
export async function awaitVacuum(statements: Statements): Promise<void> {
  await statements.query('', `lock table ${TABLES.join(', ')} in share update exclusive mode`);
}

/**
 * Puts the new tables in the place of the old ones, under their names and those of their indexes. In a transaction; it takes the
 * strongest lock on each, for which it waits no longer than the transaction's `lock_timeout`.
 */
export async function swapShadow(statements: Statements): Promise<void> {
  await statements.query('', `lock table ${TABLES.join(', ')} in access exclusive mode`);
  await statements.query('', `drop table ${TABLES.join(', ')}`);
  for (const table of TABLES) {
    const indexes = await statements.query<{ name: string }>(
      '',
      'select indexname as name from pg_indexes where schemaname = current_schema and tablename = $1',
      [rebuilt(table)],
    );
    await statements.query('', `alter table ${rebuilt(table)} rename to ${table}`);
    // The index of a primary key takes its constraint along.
    for (const { name } of indexes) await statements.query('', `alter index ${name} rename to ${inForce(name)}`);
  }
}

function primaryKeys(statements: Statements, table: ReadModelTable) {
  return statements.query<{ name: string; definition: string }>(
    '',
    `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
      where conrelid = $1::regclass and contype = 'p'`,
    [table],
  );
}
