import type { Recorded } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import type { ReadModelChange } from '../store/read-model.js';
import { type ReadModelTable, rebuilt, TABLES } from './read-model.tables.js';

/** Writes what events make of the read model into the rebuilt tables, with a few statements however many rows it is. */
export class ShadowWriter {
  private constructor(
    private readonly statements: Statements,
    private readonly columns: ReadonlyMap<ReadModelTable, string>,
  ) {}

  static async open(statements: Statements): Promise<ShadowWriter> {
    const columns = new Map<ReadModelTable, string>();
    for (const table of TABLES) {
      const rows = await statements.query<{ name: string }>(
        '',
        `select attname as name from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
        [table],
      );
      columns.set(table, rows.map(({ name }) => name).join(', '));
    }
    return new ShadowWriter(statements, columns);
  }

  async write(events: readonly Recorded[], change: ReadModelChange): Promise<void> {
    const { directories, schemas, users, groups, members } = change;
    const touched = (kind: Recorded['entityType']) => [
      ...new Map(
        events.filter(({ entityType }) => entityType === kind).map((event) => [event.entityId, event]),
      ).values(),
    ];
    const existed = (kind: Recorded['entityType']) => touched(kind).filter(({ version }) => version > 1);
    const ids = [...new Set(events.map(({ directory }) => directory))];
    await this.forget('directory', 'id', ids);
    await this.forget(
      'directory_schema',
      'directory_id',
      schemas.map(({ directory_id }) => directory_id),
    );
    await this.forgetEntities('users', existed('user'));
    await this.forgetEntities('groups', existed('group'));
    await this.forget('group_member', 'group_id', groups.gone);
    await this.forgetMembers(members.removed);
    await this.insert('directory', directories);
    await this.insert('directory_schema', schemas);
    await this.insert('users', users.put);
    await this.insert('groups', groups.put);
    await this.insert('group_member', members.added);
  }

  private async insert(table: ReadModelTable, rows: readonly object[]): Promise<void> {
    if (rows.length === 0) return;
    const columns = this.columns.get(table) ?? '';
    await this.statements.query(
      `rebuilt_insert_${table}`,
      `insert into ${rebuilt(table)} (${columns})
       select ${columns} from json_populate_recordset(null::${rebuilt(table)}, $1::json)`,
      [JSON.stringify(rows)],
    );
  }

  private async forget(table: ReadModelTable, column: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const text = `delete from ${rebuilt(table)} where ${column} = any($1::uuid[])`;
    await this.statements.query(`rebuilt_forget_${table}`, text, [ids]);
  }

  private async forgetEntities(table: 'users' | 'groups', of: readonly Recorded[]): Promise<void> {
    if (of.length === 0) return;
    await this.statements.query(
      `rebuilt_forget_${table}`,
      `delete from ${rebuilt(table)} r using unnest($1::uuid[], $2::uuid[]) as n(directory_id, id)
        where r.directory_id = n.directory_id and r.id = n.id`,
      [of.map(({ directory }) => directory), of.map(({ entityId }) => entityId)],
    );
  }

  private async forgetMembers(removed: ReadModelChange['members']['removed']): Promise<void> {
    if (removed.length === 0) return;
    await this.statements.query(
      'rebuilt_forget_members',
      `delete from ${rebuilt('group_member')} r using unnest($1::uuid[], $2::uuid[]) as n(group_id, member_id)
        where r.group_id = n.group_id and r.member_id = n.member_id`,
      [removed.map(({ group_id }) => group_id), removed.map(({ member_id }) => member_id)],
    );
  }
}
