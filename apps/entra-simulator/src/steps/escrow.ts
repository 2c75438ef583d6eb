export const ESCROW_CHOICES = ['next', 'entra'] as const;

/** `next` tries again in the next cycle, since a run is short; `entra` waits as long as Entra does. */
export type EscrowChoice = (typeof ESCROW_CHOICES)[number];

/** A cycle takes 40 minutes: 6, 12 and 24 hours after the first failure, then every 24 hours, for 28 days. */
const ATTEMPTS_AT = [9, 18] as const;
const DAY = 36;
const LIFE = 28 * DAY;

interface Waiting {
  since: number;
  attempts: number;
}

/** Objects to look at again although the source says nothing new about them, by object id. */
export class Escrow {
  private readonly waiting = new Map<string, Waiting>();
  private tried = new Map<string, Waiting>();

  constructor(private readonly choice: EscrowChoice) {}

  get size(): number {
    return this.waiting.size;
  }

  /** Puts an object in. One that was tried in this cycle goes on from its first failure. */
  add(objectId: string, cycle: number): void {
    if (this.waiting.has(objectId)) return;
    this.waiting.set(objectId, this.tried.get(objectId) ?? { since: cycle, attempts: 0 });
  }

  has(objectId: string): boolean {
    return this.waiting.has(objectId);
  }

  /** Begins a cycle: gives who is to be tried in it. They are out, unless they are added again. */
  due(cycle: number): ReadonlySet<string> {
    this.tried = new Map();
    for (const [objectId, { since, attempts }] of this.waiting) {
      const age = cycle - since;
      const isDue = age <= LIFE && (this.choice === 'next' || age >= nextAttempt(attempts));
      if (isDue) this.tried.set(objectId, { since, attempts: attempts + 1 });
      if (isDue || age > LIFE) this.waiting.delete(objectId);
    }
    return new Set(this.tried.keys());
  }
}

/** Cycles after the first failure. */
const nextAttempt = (attempts: number) => ATTEMPTS_AT[attempts] ?? (attempts - 1) * DAY;
