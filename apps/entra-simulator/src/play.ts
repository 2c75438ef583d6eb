import { HttpDoor } from './protocol/http-door.js';
import { Quarantine } from './protocol/failure.js';
import type { Recording } from './protocol/recording.js';
import { ScimClient, type Wait } from './protocol/scim.client.js';
import type { TenantUrl } from './protocol/tenant-url.js';
import { sum, type Counts } from './report/counts.js';
import { reasonsOf, type Failure } from './report/failures.js';
import type { Progress } from './report/progress.js';
import type { Report } from './report/report.js';
import { nextDay } from './source/next-day.js';
import { sourceAfter } from './source/source-after.js';
import type { Sizes } from './source/source.js';
import { Anchors } from './steps/anchors.js';
import { Cycle, type Manner, type Target } from './steps/cycle.js';
import { Ledger } from './steps/ledger.js';
import { playCycle } from './steps/play-cycle.js';

/** What is played against which endpoint. */
export interface Settings extends Manner {
  tenant: TenantUrl;
  token: string;
  sizes: Sizes;
  cycles: number;
  /** Restart provisioning: one initial cycle with the source as it stands after all of them. */
  isRestart: boolean;
}

/** Everything that is not decided by the settings. */
export interface Surroundings {
  now: () => number;
  wait: Wait;
  freshGuid: () => string;
  progress: Progress;
  recording: Recording;
}

/** Plays the provisioning service, and reports. Never rejects for anything the endpoint does. */
export async function play(settings: Settings, around: Surroundings): Promise<Report> {
  const door = new HttpDoor(settings.concurrency);
  const client = new ScimClient(settings.tenant, settings.token, door, around.wait, around.recording, around.now);
  const target: Target = { client, users: new Anchors(), groups: new Anchors(), escrow: new Set() };
  const cycles: Counts[] = [];
  const failures: Failure[] = [];
  let stopped: string | undefined;
  let source = sourceAfter(settings.seed, settings.sizes, settings.isRestart ? settings.cycles : 1);
  try {
    for (let number = 1; number <= (settings.isRestart ? 1 : settings.cycles) && stopped === undefined; number++) {
      const before = number === 1 ? undefined : source;
      if (before) source = nextDay(before, settings.seed, settings.sizes, number);
      const cycle = new Cycle(number, target, settings, new Ledger(), around.progress);
      const start = { requests: client.requests, writes: client.writes, at: around.now() };
      stopped = await quarantined(cycle, () => playCycle(cycle, before, source, around.freshGuid));
      failures.push(...cycle.ledger.failures);
      cycles.push({
        ...cycle.ledger.counts(),
        requests: client.requests - start.requests,
        writes: client.writes - start.writes,
        durationMs: Math.round(around.now() - start.at),
      });
    }
  } finally {
    around.progress.end();
    around.recording.end();
    door.close();
  }
  return { total: sum(cycles), cycles, reasons: reasonsOf(failures), stopped };
}

/** Plays on, unless something happens that would put the job into quarantine: then says what. */
async function quarantined(cycle: Cycle, playOn: () => Promise<void>): Promise<string | undefined> {
  try {
    await playOn();
    return undefined;
  } catch (error) {
    if (!(error instanceof Quarantine)) throw error;
    cycle.ledger.fail('the job', 'the provisioning job', error.message, error.evidence);
    return error.message;
  }
}
