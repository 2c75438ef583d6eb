import { Injectable, Logger } from '@nestjs/common';
import { type RebuildReport, rebuildReport } from '#libs/contracts';
import { Database, type Session, type Statements } from '#libs/postgres';
import { FailPoints } from '../engine/fail-points.js';
import { rebuild } from './rebuild.js';
import { clearShadow } from './shadow.js';

// The place of the advisory lock, among those of this database.
export const LOCK = [0x726f7374, 1] as const;
const BETWEEN_NOTES_MS = 500;
const TURN_MS_MAX = 2_000;
const LOCK_TIMEOUT = '55P03';

/** Another run is under way, here or in another instance. */
export class RebuildUnderWay extends Error {
  constructor() {
    super('The read model is being rebuilt already; one at a time.');
    this.name = 'RebuildUnderWay';
  }
}

/** Begins rebuilds in this process, one at a time over all instances, and tells of those of any instance. */
@Injectable()
export class Rebuilds {
  private readonly log = new Logger(Rebuilds.name);
  private running: { ended: Promise<void>; pid: number | undefined } | undefined;
  private isOver = false;

  constructor(
    private readonly database: Database,
    private readonly failPoints: FailPoints,
  ) {}

  /** What became of a run; null when it was never begun. */
  async find(run: string): Promise<RebuildReport | null> {
    const report = await stored(this.database, run);
    if (report?.state !== 'running' || (await isLocked(this.database))) return report;
    // It may have ended between the two looks.
    const again = await stored(this.database, run);
    return again?.state === 'running' ? { ...again, state: 'cut-off' } : again;
  }

  /** Begins a run, unless it has been begun already, and tells of it. Throws RebuildUnderWay when another is under way. */
  async begin(run: string, isCheck: boolean): Promise<RebuildReport> {
    const known = await this.find(run);
    if (known !== null) return known;
    const begun = Promise.withResolvers<RebuildReport>();
    const ended = this.database
      .session(async (session) => {
        await takeTurn(session);
        const report = { run, isCheck, state: 'running', phase: 'reading', events: 0, eventsInAll: 0 } as const;
        await session.query('', 'insert into rebuild (run, report) values ($1, $2)', [run, JSON.stringify(report)]);
        this.running = { ended, pid: await pidOf(session) };
        begun.resolve(report);
        await this.carryOut(session, report);
      })
      .catch((error: unknown) => {
        begun.reject(error);
        if (!(error instanceof RebuildUnderWay)) this.log.error(`a rebuild ended without a report: ${String(error)}`);
      });
    return begun.promise;
  }

  /** Ends what is under way here; the read model in force stays in force. */
  async stop(): Promise<void> {
    this.isOver = true;
    if (this.running === undefined) return;
    const { pid, ended } = this.running;
    await this.database.query('', 'select pg_cancel_backend($1)', [pid]).catch(() => undefined);
    await ended;
  }

  private async carryOut(session: Session, begun: RebuildReport): Promise<void> {
    let noted = 0;
    try {
      await rebuild(session, {
        isCheck: begun.isCheck,
        reach: (point) => this.failPoints.reach(point),
        told: async (progress) => {
          this.failPoints.reach('mid_rebuild');
          if (this.isOver) throw new Error('the directory service was asked to stop');
          if (performance.now() - noted < BETWEEN_NOTES_MS) return;
          noted = performance.now();
          await note(session, { ...begun, ...progress });
        },
        finish: (statements, { total, ...result }) =>
          note(statements, { ...begun, ...result, differenceCount: total, state: 'done' }),
      });
      this.log.log(`the read model was ${begun.isCheck ? 'compared with' : 'made again from'} the events`);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.log.error(`a rebuild of the read model was given up, the one before it is in force: ${text}`);
      await clearShadow(session).catch(() => undefined);
      const failed = { ...begun, ...(await stored(this.database, begun.run)), state: 'failed', error: text } as const;
      await note(this.database, failed);
    } finally {
      this.running = undefined;
    }
  }
}

/** Waits a moment for a run that has just told its end and is letting go. */
async function takeTurn(session: Session): Promise<void> {
  await session.query('', "select set_config('lock_timeout', $1, false)", [`${TURN_MS_MAX}ms`]);
  try {
    await session.query('', 'select pg_advisory_lock($1, $2)', LOCK);
  } catch (error) {
    if (Database.isVerdict(error) && error.code === LOCK_TIMEOUT) throw new RebuildUnderWay();
    throw error;
  }
  await session.query('', "select set_config('lock_timeout', '0', false)");
}

async function isLocked(statements: Statements): Promise<boolean> {
  const rows = await statements.query(
    'is_rebuilding',
    `select 1 from pg_locks where locktype = 'advisory' and classid = $1 and objid = $2 and granted
        and database = (select oid from pg_database where datname = current_database())`,
    LOCK,
  );
  return rows.length > 0;
}

async function pidOf(session: Session): Promise<number | undefined> {
  return (await session.query<{ pid: number }>('', 'select pg_backend_pid() as pid'))[0]?.pid;
}

async function stored(statements: Statements, run: string): Promise<RebuildReport | null> {
  const rows = await statements.query<{ report: unknown }>('rebuild', 'select report from rebuild where run = $1', [
    run,
  ]);
  return rows[0] === undefined ? null : rebuildReport.parse(rows[0].report);
}

async function note(statements: Statements, report: RebuildReport): Promise<void> {
  const values = [report.run, JSON.stringify(report)];
  await statements.query('', 'update rebuild set report = $2 where run = $1', values);
}
