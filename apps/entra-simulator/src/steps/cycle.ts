import { inParallel } from '../in-parallel.js';
import type { DialectChoice } from '../mapping/dialect.js';
import type { MatchBy } from '../mapping/user-mapping.js';
import { ProvisioningFailure } from '../protocol/failure.js';
import type { ScimClient } from '../protocol/scim.client.js';
import type { Progress } from '../report/progress.js';
import { randomFrom, type Random } from '../random.js';
import type { Anchors } from './anchors.js';
import type { Ledger } from './ledger.js';

export interface Target {
  client: ScimClient;
  users: Anchors;
  groups: Anchors;
  /** Object ids to look at again in the next cycle, although the source says nothing new about them. */
  escrow: Set<string>;
}

/** How the service goes about it. */
export interface Manner {
  seed: number;
  dialect: DialectChoice;
  matchBy: MatchBy;
  concurrency: number;
}

/** One cycle under way: what every step of it needs. */
export class Cycle {
  constructor(
    readonly number: number,
    readonly target: Target,
    readonly manner: Manner,
    readonly ledger: Ledger,
    readonly progress: Progress,
  ) {}

  get client(): ScimClient {
    return this.target.client;
  }

  random(...words: readonly string[]): Random {
    return randomFrom(this.manner.seed, this.number, ...words);
  }

  /** Goes through objects in parallel. A failure stays with its object; anything worse ends the run. */
  async each<Thing extends { objectId: string }>(
    phase: string,
    things: readonly Thing[],
    nameOf: (thing: Thing) => string,
    work: (thing: Thing) => Promise<void>,
    limit = this.manner.concurrency,
  ): Promise<void> {
    this.progress.phase(`cycle ${this.number}, ${phase}`, things.length);
    await inParallel(things, limit, async (thing) => {
      try {
        await work(thing);
      } catch (error) {
        if (!(error instanceof ProvisioningFailure)) throw error;
        this.ledger.fail(thing.objectId, nameOf(thing), error.reason, error.evidence);
        this.target.escrow.add(thing.objectId);
      }
      this.progress.step();
    });
  }
}
