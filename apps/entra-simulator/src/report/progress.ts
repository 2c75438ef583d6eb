import { SingleBar } from 'cli-progress';

/** Told how far a cycle has come. */
export interface Progress {
  phase(name: string, total: number): void;
  step(): void;
  end(): void;
}

export const noProgress: Progress = {
  phase: () => undefined,
  step: () => undefined,
  end: () => undefined,
};

/** A bar for people. It goes to standard error, so that standard output holds the result and nothing else. */
export function progressBar(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return noProgress;
  const bar = new SingleBar({
    stream,
    format: '{phase} {bar} {value}/{total}',
    clearOnComplete: true,
    hideCursor: true,
  });
  return {
    phase(name, total) {
      bar.stop();
      if (total > 0) bar.start(total, 0, { phase: name });
    },
    step: () => bar.increment(),
    end: () => bar.stop(),
  };
}
