import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { sentence } from '#libs/service';

/**
 * Does something again and again, with a pause after each time, until the service ends. What hinders it is logged, named as a
 * problem, and tried again: a database that is away comes back.
 */
export class Repeating {
  private readonly log: Logger;
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private failure: string | undefined;

  /** `hindered` says what cannot be done then, for people; `turn` should stop early when `isEnding` becomes true. */
  constructor(
    name: string,
    private readonly pauseMs: number,
    private readonly hindered: string,
  ) {
    this.log = new Logger(name);
  }

  begin(turn: (isEnding: () => boolean) => Promise<void>): void {
    this.running ??= this.run(turn);
  }

  /** Resolves when the turn that is under way is over. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  problems(): string[] {
    return this.failure === undefined ? [] : [this.failure];
  }

  private async run(turn: (isEnding: () => boolean) => Promise<void>): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        await turn(() => signal.aborted);
        this.failure = undefined;
      } catch (error) {
        this.failure = `${this.hindered}: ${sentence(error)}`;
        this.log.error(this.failure);
      }
      await pause(this.pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
