/** What a service says of itself: whether it can do its work now, and if not, why. */
export abstract class Readiness {
  /** Names of what is not ready, each with a reason; empty when all is well. */
  abstract problems(): string[];
}

/** Whether the whole process can do its work: from its start, when nothing can, to its end. */
export class Health {
  private services: readonly Readiness[] = [];
  private phase: 'starting' | 'up' | 'ending' = 'starting';

  /** All has been started: from now on the services themselves say whether they can work. */
  up(services: readonly Readiness[]): void {
    if (this.phase === 'starting') this.phase = 'up';
    this.services = services;
  }

  /** No new work is to be sent here; what comes all the same is still done. */
  ending(): void {
    this.phase = 'ending';
  }

  isEnding(): boolean {
    return this.phase === 'ending';
  }

  /** Why work should go elsewhere; empty when it can come. */
  problems(): string[] {
    if (this.phase !== 'up') return [`the process is ${this.phase}`];
    return this.services.flatMap((service) => service.problems());
  }
}
