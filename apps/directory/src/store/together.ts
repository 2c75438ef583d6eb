import type { Database, Row } from '#libs/postgres';
import { Gathering } from './gathering.js';

// Without a name: a plan that is kept from when the tables were small may go by another index, through all of a directory.
const PLANNED_EACH_TIME = '';

/** A statement whose first parameters, a directory's id and texts, are each asker's own. */
export interface Question {
  text: string;
  directory: string;
  texts: readonly string[];
  /** The parameters that follow. */
  shared: readonly number[];
}

type Rows = readonly Row[];

/**
 * What many ask of the database in the same words, asked in one statement: to find one user costs far less than to be asked
 * for it. Only for what an index answers, since a question that takes long would hold up those that came with it.
 */
export class Together {
  private static readonly all = new WeakMap<Database, Together>();
  private readonly lines = new Map<string, Gathering<Question, Rows>>();
  private readonly idLines = new Map<string, Gathering<readonly string[], Rows>>();

  private constructor(private readonly database: Database) {}

  static over(database: Database): Together {
    const known = Together.all.get(database) ?? new Together(database);
    Together.all.set(database, known);
    return known;
  }

  /** The rows of one question, in no order. Its text is one of few. */
  async rows<R extends Row>(question: Question): Promise<R[]> {
    const words = `${question.text} ${question.shared.join(' ')}`;
    const line = this.lines.get(words) ?? new Gathering((asked) => this.askAll(asked));
    this.lines.set(words, line);
    return (await line.ask(question)) as R[];
  }

  /**
   * The rows about any of these ids, which the statement takes as `$1` and names in a column. The name stands for one text.
   */
  async rowsAbout<R extends Row>(
    name: string,
    text: string,
    column: keyof R & string,
    ids: readonly string[],
  ): Promise<R[]> {
    const doAll = async (asked: readonly (readonly string[])[]): Promise<Rows[]> => {
      const rows = await this.database.query(name, text, [[...new Set(asked.flat())]]);
      const byId = Map.groupBy(rows, (row) => row[column]);
      return asked.map((own) => own.flatMap((id) => byId.get(id) ?? []));
    };
    const line = this.idLines.get(name) ?? new Gathering(doAll);
    this.idLines.set(name, line);
    return (await line.ask(ids)) as R[];
  }

  private async askAll(asked: readonly Question[]): Promise<Rows[]> {
    const [first, ...others] = asked;
    if (first === undefined) return [];
    if (others.length === 0) {
      const { text, directory, texts, shared } = first;
      return [await this.database.query(PLANNED_EACH_TIME, text, [directory, ...texts, ...shared])];
    }
    const { text, values } = joined(first, asked);
    const rows = await this.database.query<Row & { asker: number }>(PLANNED_EACH_TIME, text, values);
    const found: Row[][] = asked.map(() => []);
    for (const { asker, ...row } of rows) found[asker - 1]?.push(row);
    return found;
  }
}

/** One statement for all: each question is a row of parameters, for which its own statement is carried out. */
function joined(
  { text, texts, shared }: Question,
  questions: readonly Question[],
): { text: string; values: unknown[] } {
  const own = texts.length + 1;
  const lists = ['$1::uuid[]', ...texts.map((_, at) => `$${at + 2}::text[]`)];
  const names = [...lists.map((_, at) => `v${at + 1}`), 'n'];
  const inner = text.replace(/\$(\d+)/g, (whole, place: string) => (Number(place) <= own ? `q.v${place}` : whole));
  return {
    text: `select q.n::int as asker, a.* from unnest(${lists.join(', ')}) with ordinality as q(${names.join(', ')})
      cross join lateral (${inner}) a`,
    values: [
      questions.map(({ directory }) => directory),
      ...texts.map((_, at) => questions.map((question) => question.texts[at])),
      ...shared,
    ],
  };
}
