import type { RebuildReport } from '#libs/contracts';
import { Database, type Session, type Statements } from '#libs/postgres';
import { CatchUp } from './catch-up.js';
import { compare, type Comparison } from './compare.js';
import { lastPositions } from './event-pages.js';
import { awaitVacuum, clearShadow, indexShadow, makeShadow, swapShadow } from './shadow.js';
import type { FailPoint } from '../engine/fail-points.js';

// The rest that is read while writes wait.
const REST_MAX = 1_000;
const ROUNDS_MAX = 100;
// Below PostgreSQL's deadlock_timeout of one second: a rebuild gives way before anybody's question is taken for the victim.
const LOCK_MS_MAX = 500;
const SWAPS_MAX = 60;
const BETWEEN_SWAPS_MS = 1_000;
const LOCK_TIMEOUT = '55P03';
const SETTINGS = {
  synchronous_commit: 'off', // what is lost in a crash is made again
  plan_cache_mode: 'force_custom_plan', // a plan for an empty table must not stay when it has grown
  enable_seqscan: 'on', // the comparison reads every row
  work_mem: '32MB',
  maintenance_work_mem: '128MB',
  tcp_keepalives_idle: '10', // the lock of a machine that is gone must not outlive it for hours
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
};

export interface Progress {
  phase: RebuildReport['phase'];
  events: number;
  eventsInAll: number;
}

export interface Orders {
  isCheck: boolean;
  /** Called often; throws to end the rebuild. */
  told(progress: Progress): Promise<void>;
  reach(point: FailPoint): void;
  /** Called in the transaction of the swap, or of the comparison when it is only a check: what is written here holds with it. */
  finish(statements: Statements, result: Progress & Comparison & { waitedMs?: number }): Promise<void>;
}

/**
 * Makes the read model again from the first event beside the one in force, compares the two as of one moment, and swaps them
 * unless it is only a check. Commits go on meanwhile; they wait for the end only, in which the last few events are read.
 */
export async function rebuild(session: Session, orders: Orders): Promise<void> {
  await clearShadow(session);
  const migrations = await migrationCount(session);
  await makeShadow(session);
  await set(session, SETTINGS);
  const catchUp = await CatchUp.open(session);
  const told = async (phase: Progress['phase'], positions: ReadonlyMap<number, number>) =>
    orders.told({ phase, events: catchUp.events, eventsInAll: catchUp.events + catchUp.lag(positions) });

  await approach(session, catchUp, (positions) => told('reading', positions));
  await told('indexing', new Map());
  await indexShadow(session);
  await approach(session, catchUp, (positions) => told('reading', positions));

  await told('comparing', new Map());
  const found = await session.transaction(async (transaction) => {
    await transaction.query('', 'set transaction isolation level repeatable read');
    await catchUp.to(await lastPositions(transaction));
    const comparison = await compare(transaction);
    if (orders.isCheck) await orders.finish(transaction, { ...comparison, ...end('comparing', catchUp) });
    return comparison;
  });
  if (orders.isCheck) {
    await clearShadow(session);
    return;
  }

  for (let attempt = 1; ; attempt += 1) {
    await approach(session, catchUp, (positions) => told('swapping', positions));
    try {
      await catchUp.tentatively(() => swap(session, catchUp, orders, found, migrations));
      return;
    } catch (error) {
      if (!Database.isVerdict(error) || error.code !== LOCK_TIMEOUT || attempt === SWAPS_MAX) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_SWAPS_MS));
    }
  }
}

/** Reads on until what is left is little; the last of it is read while writes wait. */
async function approach(
  session: Session,
  catchUp: CatchUp,
  told: (positions: ReadonlyMap<number, number>) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const positions = await lastPositions(session);
    await catchUp.to(positions, () => told(positions));
    if (catchUp.lag(await lastPositions(session)) <= REST_MAX) return;
  }
  throw new Error('events come faster than they can be read; try again when there are fewer');
}

/** In one transaction, in the order in which a commit takes its locks: owners, then tables. */
async function swap(
  session: Session,
  catchUp: CatchUp,
  orders: Orders,
  found: Comparison,
  migrations: number,
): Promise<void> {
  await session.transaction(async (transaction) => {
    await set(transaction, { lock_timeout: `${SWAPS_MAX}s`, synchronous_commit: 'on' }, 'local');
    await awaitVacuum(transaction);
    await set(transaction, { lock_timeout: `${LOCK_MS_MAX}ms` }, 'local');
    // Every commit begins with these rows: whoever comes now waits, and whoever was there has ended.
    await transaction.query('', 'lock table partition_owner in exclusive mode');
    const began = performance.now();
    await catchUp.to(await lastPositions(transaction));
    if ((await migrationCount(transaction)) !== migrations) {
      throw new Error('the tables were changed by a newer program meanwhile; run it again');
    }
    // What was decided on a read model that was wrong must not be committed to the right one: all owners claim anew.
    if (found.total > 0) await transaction.query('', 'update partition_owner set epoch = epoch + 1');
    await swapShadow(transaction);
    orders.reach('mid_swap');
    const waitedMs = Math.round(performance.now() - began);
    await orders.finish(transaction, { ...found, ...end('swapping', catchUp), waitedMs });
  });
  orders.reach('after_swap');
}

const end = (phase: Progress['phase'], { events }: CatchUp): Progress => ({ phase, events, eventsInAll: events });

async function set(statements: Statements, settings: Record<string, string>, span: 'session' | 'local' = 'session') {
  for (const [name, value] of Object.entries(settings)) {
    await statements.query('', 'select set_config($1, $2, $3)', [name, value, span === 'local']);
  }
}

/** Newer programs change tables by migrations: a table that was made before one of them is not what it should be. */
async function migrationCount(statements: Statements): Promise<number> {
  return (await statements.query<{ n: number }>('', 'select count(*) as n from migration'))[0]?.n ?? 0;
}
