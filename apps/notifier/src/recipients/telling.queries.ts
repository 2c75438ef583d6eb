import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { Telling } from '#libs/contracts';
import { Database } from '#libs/postgres';
import { NO_WISHES, type Wishes } from '../telling/wishes.js';

/** Who is told of a directory, how and when. */
export class ShowTelling extends Query<Telling> {
  constructor(readonly directory: string) {
    super();
  }
}

interface Box extends Record<string, unknown> {
  address: string;
  url: string;
  suppressed_at: Date | null;
  failures: number | null;
  last_error: string | null;
  waiting: number;
}

@QueryHandler(ShowTelling)
export class ShowTellingHandler implements IQueryHandler<ShowTelling> {
  constructor(private readonly database: Database) {}

  async execute({ directory }: ShowTelling): Promise<Telling> {
    const [row] = await this.database.query<{ wishes: Wishes | null }>(
      'telling_wishes',
      'select wishes from recipients where directory = $1',
      [directory],
    );
    const [watch] = await this.database.query<{ health: string; health_since: Date }>(
      'telling_health',
      'select health, health_since from watch where directory = $1',
      [directory],
    );
    const stopped = await this.database.query<{ address: string; at: Date }>(
      'telling_stopped',
      'select address, at from unsubscribed where directory = $1 order by at',
      [directory],
    );
    const addresses = await this.boxes('mail', directory);
    const webhooks = await this.boxes('webhook', directory);
    return {
      ...(row?.wishes ?? NO_WISHES),
      addresses: addresses.map((box) => ({ address: box.address, state: stateOf(box) })),
      unsubscribed: stopped.map(({ address, at }) => ({ address, at: at.toISOString() })),
      webhooks: webhooks.map((box) => ({ id: box.address, url: box.url, state: stateOf(box) })),
      health: watch === undefined ? null : { state: watch.health, since: watch.health_since.toISOString() },
    };
  }

  private boxes(channel: 'mail' | 'webhook', directory: string): Promise<Box[]> {
    const from =
      channel === 'mail'
        ? `(select a as address, '' as url from recipients r, unnest(r.addresses) a where r.directory = $1)`
        : `(select id::text as address, url from webhook where directory = $1)`;
    return this.database.query<Box>(
      `telling_boxes_${channel}`,
      `select t.address, t.url, m.suppressed_at, m.failures, m.last_error, (
         select count(*)::int from delivery d where d.channel = '${channel}' and d.address = t.address and d.done_at is null and d.given_up_at is null
       ) as waiting
       from ${from} t left join mailbox m on m.channel = '${channel}' and m.address = t.address order by t.address`,
      [directory],
    );
  }
}

function stateOf({ suppressed_at, failures, last_error, waiting }: Box): string {
  if (suppressed_at !== null) return `refused for good: ${last_error ?? ''}; set it again to try again`;
  if ((failures ?? 0) > 0) return `${waiting} waiting: ${last_error ?? ''}`;
  return waiting > 0 ? `${waiting} waiting` : 'ok';
}
