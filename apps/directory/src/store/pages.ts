import type { ListedResource, Place } from '#libs/contracts';
import type { Database } from '#libs/postgres';
import { typesSince } from '../schema/schema.queries.js';
import { exactly } from './exact.js';
import { counted, gathered, paged, type Statement, type Window } from './page-sql.js';
import { firstPart, type KindRow } from './part.js';
import { type Asked, type ListQuery, selectionOf } from './selection.js';
import { statementName } from './statement-name.js';
import { Together } from './together.js';

type Row = KindRow & { place: string | null };
/** What comes with the total of an empty page. */
type NoRow = Record<string, unknown> & { id: null };
interface Found {
  total: number;
  rows: Row[];
}

const isRow = (row: Row | NoRow): row is Row => row.id !== null;

/** So many ids are gathered and sorted in a few milliseconds; what matches more rows is found sooner by walking through them. */
const FEW = 5_000;
const REACH = 20_000;

/**
 * A page of users, of groups or of both, in the order asked for and then in that of their ids (so of their creation), and
 * how many there are in all. By cursor, a page begins after a place, so that rows that come or go elsewhere move nothing.
 * With what belongs to them, there may be fewer than asked for; then the rest begins at `next`.
 */
export async function findPage(
  database: Database,
  directory: string,
  asked: Asked,
): Promise<{ total: number; resources: ListedResource[]; bytes?: Uint8Array; next?: Place }> {
  const query = { ...asked, types: await typesSince(database, directory, asked.schemaVersion) };
  const { count } = query;
  const { total, rows } = await new PageRead(database, directory, query).found();
  const page = rows.slice(0, count);
  const { taken, ...part } = await firstPart(database, directory, page, {
    user: query.find !== 'groups' && query.withGroups,
    group: query.find !== 'users' && query.withMembers,
  });
  const last = rows.length > taken ? page[taken - 1] : undefined;
  return { total, ...part, ...(last !== undefined && { next: { key: last.place, id: last.id } }) };
}

/** One question on its way through the statements that answer it. */
class PageRead {
  private readonly window: Window;

  constructor(
    private readonly database: Database,
    private readonly directory: string,
    private readonly query: ListQuery,
  ) {
    const { count, after, startIndex } = query;
    // By cursor, one more than asked for tells whether there is a next page.
    this.window =
      after === undefined
        ? { limit: count, offset: startIndex - 1, after: null }
        : { limit: count + 1, offset: 0, after };
  }

  async found(): Promise<Found> {
    const { count, filter, sort } = this.query;
    if (count === 0) return { total: await this.total(), rows: [] };
    if (filter === null) return this.unfiltered();
    const exact = await this.exact();
    if (exact !== undefined) return exact;
    const few = await this.gather(FEW + 1);
    if (few.total <= FEW) return few;
    const total = await this.total();
    if (sort !== undefined) return { total, rows: await this.page() };
    const rows = await this.page(REACH + 2 * this.window.offset);
    return rows.length < this.window.limit ? this.gather() : { total, rows };
  }

  private async unfiltered(): Promise<Found> {
    const rows = await this.page();
    return { total: this.endAfter(rows) ?? (await this.total()), rows };
  }

  /** What one text finds by an index, asked for together with what others look for; undefined for any other question. */
  private async exact(): Promise<Found | undefined> {
    const question = exactly(this.selection(), this.window);
    if (question === undefined) return undefined;
    const rows = await Together.over(this.database).rows<Row>(question);
    const total = this.endAfter(rows);
    // Few rows, so that they are put in order here.
    return total === undefined ? undefined : { total, rows: rows.sort((left, right) => (left.id < right.id ? -1 : 1)) };
  }

  /** A page that is not full ends the list, so it says how long the list is. */
  private endAfter(rows: readonly Row[]): number | undefined {
    const { limit, offset, after } = this.window;
    const isEnd = after === null && rows.length < limit && (rows.length > 0 || offset === 0);
    return isEnd ? offset + rows.length : undefined;
  }

  private async gather(max?: number): Promise<Found> {
    const rows = await this.run<(Row & { total: number }) | (NoRow & { total: number })>(
      gathered(this.selection(), this.window, max),
      'page',
    );
    return { total: rows[0]?.total ?? 0, rows: rows.flatMap((row) => (isRow(row) ? [row] : [])) };
  }

  private page(reach?: number): Promise<Row[]> {
    const isPlannedAnew = this.query.filter !== null && reach === undefined;
    // How many rows a filter finds decides which way is the shorter one: a plan that is kept would not know.
    return this.run<Row>(paged(this.selection(), this.window, reach), isPlannedAnew ? undefined : 'page');
  }

  private async total(): Promise<number> {
    if (this.query.isContinued === true) return 0; // it was told with the beginning
    const [row] = await this.run<{ total: number }>(counted(this.selection()), 'count');
    return row?.total ?? 0;
  }

  private selection() {
    return selectionOf(this.directory, this.query);
  }

  private run<R extends Record<string, unknown>>({ text, values }: Statement, kind?: 'page' | 'count'): Promise<R[]> {
    return this.database.query<R>(kind === undefined ? '' : statementName(kind, text), text, values);
  }
}
