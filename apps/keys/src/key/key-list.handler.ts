import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { KeyDeed, KeyReply, KeySummary } from '#libs/contracts';
import { fold } from '#libs/event-sourcing';
import { Database, PostgresEventStore } from '#libs/postgres';
import { Clock } from '#libs/service';
import { lastUses } from '../use/use.queries.js';
import { type IssuedKey, keyDecider, type KeyEvent } from './key.decider.js';
import { keyRow, summaryOf } from './key.projection.js';
import { keysOf } from './key.queries.js';

/** The keys of a directory as they stand now; null: those that reach all directories. */
export class ListKeys extends Query<KeySummary[]> {
  constructor(readonly directory: string | null) {
    super();
  }
}

@QueryHandler(ListKeys)
export class ListKeysHandler implements IQueryHandler<ListKeys> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory }: ListKeys): Promise<KeySummary[]> {
    const rows = await keysOf(this.database, directory);
    const ids = rows.map(({ id }) => id);
    const uses = await lastUses(this.database, ids);
    return rows.map((row) => summaryOf(row, this.clock.now(), uses.get(row.id)));
  }
}

/** One key with all that was done to it. */
export class ShowKey extends Query<KeyReply> {
  constructor(
    readonly directory: string | null,
    readonly id: string,
  ) {
    super();
  }
}

@QueryHandler(ShowKey)
export class ShowKeyHandler implements IQueryHandler<ShowKey> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async execute({ directory, id }: ShowKey): Promise<KeyReply> {
    const { events, version } = await new PostgresEventStore(this.database).read<KeyEvent>(`key-${id}`);
    const key = fold(keyDecider, events);
    if (key.status === 'absent' || key.directory !== directory) {
      return { outcome: 'refused', code: 'not-found', text: 'This directory has no such key.' };
    }
    const summary = await this.summary(id, key, version);
    return { outcome: 'key', key: summary, history: events.map(deed) };
  }

  private async summary(id: string, key: IssuedKey, version: number): Promise<KeySummary> {
    const uses = await lastUses(this.database, [id]);
    return summaryOf(keyRow(id, key, version), this.clock.now(), uses.get(id));
  }
}

/** An event as people read it: what, when, by whom. */
function deed({ type, data }: KeyEvent): KeyDeed {
  switch (type) {
    case 'KeyIssued': {
      const what = data.predecessor === undefined ? 'issued' : `issued in place of ${data.predecessor}`;
      return { what, at: data.issuedAt, by: data.issuedBy };
    }
    case 'KeyRotated':
      return {
        what: `rotated: ${data.successor} takes over, this one ends ${data.endsAt}`,
        at: data.rotatedAt,
        by: data.rotatedBy,
      };
    case 'KeyDisabled':
      return { what: 'disabled', at: data.disabledAt, by: data.disabledBy };
    case 'KeyEnabled':
      return { what: 'enabled', at: data.enabledAt, by: data.enabledBy };
    case 'KeyLimited': {
      const what =
        data.requestsPerSecond === null ? 'no limit of its own' : `limited to ${data.requestsPerSecond} requests/s`;
      return { what, at: data.limitedAt, by: data.limitedBy };
    }
    case 'KeyRevoked':
      return { what: 'revoked', at: data.revokedAt, by: data.revokedBy };
  }
}
