import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CausedEvent, LogDetails, LogEntry, LogQuestion } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { Database, type Statements } from '#libs/postgres';
import { causeOf } from '../incident/causes/catalogue.js';

const COLUMNS = `id, at, received_at, directory, key_id, method, path, query, resource_type, target, status, scim_type, detail,
  class, duration_ms, correlation_id, client_address, user_agent, count, left_out`;

interface Row extends Record<string, unknown> {
  id: string;
  at: Date;
  received_at: Date;
  directory: string | null;
  key_id: string | null;
  method: string;
  path: string;
  query: string | null;
  resource_type: string | null;
  target: string | null;
  status: number;
  scim_type: string | null;
  detail: string | null;
  class: string | null;
  duration_ms: number;
  correlation_id: string;
  client_address: string | null;
  user_agent: string | null;
  count: number;
  left_out: string[] | null;
}

/** Entries of one directory's log, or (null) of what no key said whose it is. */
export class FindLog extends Query<LogEntry[]> {
  constructor(
    readonly directory: string | null,
    readonly question: LogQuestion,
  ) {
    super();
  }
}

/** One entry with all that is known of it. Throws Refusal not-found. */
export class ShowLog extends Query<LogDetails> {
  constructor(readonly id: string) {
    super();
  }
}

@QueryHandler(FindLog)
export class FindLogHandler implements IQueryHandler<FindLog> {
  constructor(private readonly database: Database) {}

  async execute({ directory, question }: FindLog): Promise<LogEntry[]> {
    const { isNewestFirst, after, limit, target } = question;
    const of = directory === null ? 'nobody' : 'one';
    const name = `log_find_${of}_${isNewestFirst ? 'down' : 'up'}${target === undefined ? '' : '_target'}`;
    const rows = await this.database.query<Row>(
      name,
      `select ${COLUMNS} from activity
       where ${directory === null ? 'directory is null and $1::uuid is null' : 'directory = $1'}
         and at >= $2 and at < $3 and received_at >= $4
         and ($5::boolean is not true or status >= 400) and ($6::int is null or status = $6)
         and ($7::text is null or resource_type = $7) and ($8::text is null or key_id = $8)
         and ${target === undefined ? '$9::text is null' : 'lower(target) = lower($9)'}
         and ($10::timestamptz is null or (at, id) ${isNewestFirst ? '<' : '>'} ($10, $11::uuid))
       order by ${isNewestFirst ? 'at desc, id desc' : 'at, id'} limit $12`,
      [
        directory,
        question.since,
        question.until ?? 'infinity',
        question.heardSince ?? '-infinity',
        question.isFailed ?? null,
        question.status ?? null,
        question.resourceType ?? null,
        question.keyId ?? null,
        target ?? null,
        after?.at ?? null,
        after?.id ?? null,
        limit,
      ],
    );
    return rows.map(entryFrom);
  }
}

@QueryHandler(ShowLog)
export class ShowLogHandler implements IQueryHandler<ShowLog> {
  constructor(private readonly database: Database) {}

  async execute({ id }: ShowLog): Promise<LogDetails> {
    const [row] = await this.database.query<Row & { request: string | null }>(
      'log_show',
      `select ${COLUMNS}, request from activity where id = $1`,
      [id],
    );
    if (row === undefined) throw new Refusal('not-found', 'The log has no such request, or does not keep it any more.');
    const entry = entryFrom(row);
    const events = row.directory === null ? [] : await eventsOf(this.database, row.directory, row.correlation_id);
    return { entry, request: row.request, events, cause: causeOf(entry.failureClass) };
  }
}

/** A client may use a request id twice: what it caused in one directory is no business of another. */
async function eventsOf(statements: Statements, directory: string, correlationId: string): Promise<CausedEvent[]> {
  const rows = await statements.query<{ sequence: number; type: string; subject: string; at: Date }>(
    'log_events',
    'select sequence, type, subject, at from caused where correlation_id = $1 and directory = $2 order by sequence limit 1000',
    [correlationId, directory],
  );
  return rows.map(({ at, ...event }) => ({ ...event, time: at.toISOString() }));
}

function entryFrom(row: Row): LogEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    directory: row.directory,
    keyId: row.key_id,
    method: row.method,
    path: row.path,
    query: row.query,
    resourceType: row.resource_type,
    target: row.target,
    status: row.status,
    scimType: row.scim_type,
    detail: row.detail,
    failureClass: row.class,
    durationMs: row.duration_ms,
    correlationId: row.correlation_id,
    client: { address: row.client_address, userAgent: row.user_agent },
    count: row.count,
    leftOut: row.left_out ?? [],
  };
}
