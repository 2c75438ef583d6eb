/** As much of the package as is used here; it comes without declarations. */
declare module 'cli-progress' {
  export class SingleBar {
    constructor(options: {
      stream: NodeJS.WritableStream;
      format: string;
      clearOnComplete: boolean;
      hideCursor: boolean;
    });
    start(total: number, startValue: number, payload: Record<string, string>): void;
    increment(): void;
    stop(): void;
  }
}
