import type { CustomAttribute } from './mapping/custom-attribute.js';
import { customAttributes } from './protocol/custom-attributes.js';
import { HttpDoor } from './protocol/http-door.js';
import { Quarantine } from './protocol/failure.js';
import type { Recording } from './protocol/recording.js';
import { ScimClient, type Wait, type WhenBusy } from './protocol/scim.client.js';
import { Talk } from './protocol/scim.talk.js';
import type { TenantUrl } from './protocol/tenant-url.js';
import { randomFrom } from './random.js';
import { sum, type Counts } from './report/counts.js';
import { reasonsOf, type Failure } from './report/failures.js';
import type { Progress } from './report/progress.js';
import { quarantineReason } from './report/quarantine.js';
import type { Report } from './report/report.js';
import { nextDay } from './source/next-day.js';
import { sourceAfter } from './source/source-after.js';
import type { Sizes, Source } from './source/source.js';
import { Anchors } from './steps/anchors.js';
import { Cycle, type Manner, type Target } from './steps/cycle.js';
import { Escrow, type EscrowChoice } from './steps/escrow.js';
import { Ledger } from './steps/ledger.js';
import { provisionOnDemand } from './steps/on-demand.js';
import { playCycle } from './steps/play-cycle.js';

/** What is played against which endpoint. */
export interface Settings extends Manner {
  tenant: TenantUrl;
  token: string;
  sizes: Sizes;
  cycles: number;
  /** Restart provisioning: one initial cycle with the source as it stands after all of them. */
  isRestart: boolean;
  /** Users, and as many groups, that are provisioned by hand before each cycle but the first. */
  onDemand: number;
  /** Attributes of extensions that are mapped as well: the URN, a colon, the name. */
  customs: readonly string[];
  whenBusy: WhenBusy;
  escrow: EscrowChoice;
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
  try {
    return await new Play(settings, around, door).run();
  } finally {
    around.progress.end();
    around.recording.end();
    door.close();
  }
}

class Play {
  private readonly target: Target;
  private readonly cycles: Counts[] = [];
  private readonly failures: Failure[] = [];
  private readonly duplicates: Failure[] = [];
  private readonly happened = { events: 0, failures: 0, referenceFailures: 0 };
  private customs: readonly CustomAttribute[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly around: Surroundings,
    door: HttpDoor,
  ) {
    const { tenant, token, whenBusy } = settings;
    const client = new ScimClient(tenant, token, door, around.wait, whenBusy, around.recording, around.now);
    this.target = { client, users: new Anchors(), groups: new Anchors(), escrow: new Escrow(settings.escrow) };
  }

  async run(): Promise<Report> {
    const { seed, sizes, cycles, isRestart } = this.settings;
    let source = sourceAfter(seed, sizes, isRestart ? cycles : 1);
    let stopped: string | undefined;
    for (let number = 1; number <= (isRestart ? 1 : cycles) && stopped === undefined; number++) {
      const before = number === 1 ? undefined : source;
      if (before) source = nextDay(before, seed, sizes, number);
      stopped = await this.cycle(number, before, source);
    }
    const { failures, duplicates } = this;
    return {
      seed,
      total: sum(this.cycles),
      cycles: this.cycles,
      reasons: reasonsOf(failures),
      duplicates: reasonsOf(duplicates),
      inEscrow: this.target.escrow.size,
      stopped,
    };
  }

  /** Gives why the run has to end, if it has to. */
  private async cycle(number: number, before: Source | undefined, source: Source): Promise<string | undefined> {
    const { target, around } = this;
    const { client } = target;
    const ledger = new Ledger();
    const start = { requests: client.requests, writes: client.writes, busy: client.busy, at: around.now() };
    const extra = { onDemand: 0, retried: 0 };
    const stopped = await quarantined(ledger, async () => {
      if (number === 1) this.customs = await this.described();
      const mapping = { roles: this.settings.roles, customs: this.customs };
      const cycle = new Cycle(number, target, this.settings, mapping, ledger, around.progress);
      const { onDemand } = this.settings;
      if (before) extra.onDemand = await provisionOnDemand(cycle, before, source, onDemand, around.freshGuid);
      extra.retried = await playCycle(cycle, before, source, around.freshGuid);
    });
    this.failures.push(...ledger.failures);
    this.duplicates.push(...ledger.duplicates);
    this.cycles.push({
      ...ledger.counts(),
      ...extra,
      busy: client.busy - start.busy,
      requests: client.requests - start.requests,
      writes: client.writes - start.writes,
      durationMs: Math.round(around.now() - start.at),
    });
    return stopped ?? this.quarantinedByRule(ledger);
  }

  private described(): Promise<CustomAttribute[]> {
    const talk = new Talk(this.target.client, randomFrom(this.settings.seed, 'schemas'), this.settings.isOdd);
    return customAttributes(talk, this.settings.customs);
  }

  private quarantinedByRule(ledger: Ledger): string | undefined {
    const { events, failures, referenceFailures } = ledger.happened();
    this.happened.events += events;
    this.happened.failures += failures;
    this.happened.referenceFailures += referenceFailures;
    const reason = quarantineReason(this.happened);
    return reason && `Entra would quarantine the job: ${reason}.`;
  }
}

/** Plays on, unless something happens that would put the job into quarantine: then says what. */
async function quarantined(ledger: Ledger, playOn: () => Promise<void>): Promise<string | undefined> {
  try {
    await playOn();
    return undefined;
  } catch (error) {
    if (!(error instanceof Quarantine)) throw error;
    ledger.fail('the job', 'the provisioning job', error.message, error.evidence);
    return error.message;
  }
}
