import { topics } from '#libs/contracts';
import { addToTraceOf } from '#libs/service';
import { batchCommands, batchDuration } from '../directory.metrics.js';
import type { Placed } from './batch.js';

/** Looks on while a batch is worked on: for the metrics, and for the traces that its commands belong to. */
export class BatchWatch {
  private readonly began = performance.now();
  private decidedAt = this.began;
  private committedAt = this.began;

  constructor(private readonly placed: readonly Placed[]) {}

  decided(): void {
    this.decidedAt = performance.now();
  }

  committed(): void {
    this.committedAt = performance.now();
    batchCommands.observe({}, this.placed.length);
    batchDuration.observe({ step: 'decide' }, (this.decidedAt - this.began) / 1_000);
    batchDuration.observe({ step: 'commit' }, (this.committedAt - this.decidedAt) / 1_000);
  }

  answered(): void {
    const stretches = [
      { name: 'decide', from: this.began, to: this.decidedAt },
      { name: 'commit', from: this.decidedAt, to: this.committedAt },
      { name: 'reply', from: this.committedAt, to: performance.now() },
    ];
    for (const { headers } of this.placed) addToTraceOf(headers, `${topics.directoryCommands.name} process`, stretches);
  }
}
