import { inParallel } from '../in-parallel.js';
import { styleOf, type Style, type Styles } from '../mapping/style.js';
import type { Mapping } from '../mapping/user-mapping.js';
import { DuplicateTargets, ProvisioningFailure } from '../protocol/failure.js';
import type { ScimClient } from '../protocol/scim.client.js';
import { Talk } from '../protocol/scim.talk.js';
import type { Progress } from '../report/progress.js';
import { randomFrom, type Random } from '../random.js';
import type { Anchors } from './anchors.js';
import type { Escrow } from './escrow.js';
import type { Ledger } from './ledger.js';

export interface Target {
  client: ScimClient;
  users: Anchors;
  groups: Anchors;
  escrow: Escrow;
}

/** How the service goes about it. */
export interface Manner extends Styles {
  seed: number;
  concurrency: number;
  /** SkipOutOfScopeDeletions: of whoever leaves the scope nothing is sent. */
  isOutOfScopeSkipped: boolean;
}

interface Way {
  limit?: number;
  /** Failures of references count apart in the rule of quarantine. */
  isReference?: boolean;
}

/** One cycle under way: what every step of it needs. */
export class Cycle {
  private readonly talks = new Map<string, Talk>();

  constructor(
    readonly number: number,
    readonly target: Target,
    readonly manner: Manner,
    readonly mapping: Mapping,
    readonly ledger: Ledger,
    readonly progress: Progress,
  ) {}

  random(...words: readonly string[]): Random {
    return randomFrom(this.manner.seed, this.number, ...words);
  }

  /** The requests about one object: how they are spelled depends on the seed, the cycle and the object alone. */
  talk(objectId: string): Talk {
    const known = this.talks.get(objectId);
    if (known) return known;
    const talk = new Talk(this.target.client, this.random('talk', objectId), this.manner.isOdd);
    this.talks.set(objectId, talk);
    return talk;
  }

  style(random: Random): Style {
    return styleOf(this.manner, random);
  }

  /** Has an object looked at again later. */
  again(objectId: string): void {
    this.target.escrow.add(objectId, this.number);
  }

  /** Goes through objects in parallel. A failure stays with its object; anything worse ends the run. */
  async each<Thing extends { objectId: string }>(
    phase: string,
    things: readonly Thing[],
    nameOf: (thing: Thing) => string,
    work: (thing: Thing) => Promise<void>,
    { limit = this.manner.concurrency, isReference = false }: Way = {},
  ): Promise<void> {
    this.progress.phase(`cycle ${this.number}, ${phase}`, things.length);
    await inParallel(things, limit, async (thing) => {
      try {
        await work(thing);
      } catch (error) {
        if (!(error instanceof ProvisioningFailure)) throw error;
        const isSkipped = error instanceof DuplicateTargets;
        if (isSkipped) this.ledger.skip(thing.objectId, nameOf(thing), error.reason, error.evidence);
        else this.ledger.fail(thing.objectId, nameOf(thing), error.reason, error.evidence, isReference);
        this.again(thing.objectId);
      }
      this.progress.step();
    });
  }
}
