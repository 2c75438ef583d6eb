import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from '#libs/testing';

const run = promisify(execFile);
const OUTPUT_MAX = 1 << 28;

/** One of our programs, as an operator starts it: by its entry in `dist`, told by its environment alone. */
export class Program {
  screen = '';

  /** The process, for signals. */
  get pid(): number | undefined {
    return this.hasEnded() ? undefined : this.child.pid;
  }

  /** With which it ended by itself; null while it runs, or when a signal ended it. */
  get exitCode(): number | null {
    return this.child.exitCode;
  }

  private constructor(private readonly child: ChildProcess) {
    const keep = (chunk: Buffer) => (this.screen += chunk.toString());
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const endWithTest = () => child.kill('SIGKILL');
    process.once('exit', endWithTest);
    child.once('exit', () => process.off('exit', endWithTest));
  }

  static start(app: string, environment: Record<string, string>): Program {
    // Nothing is before a gateway here that would have to see that it ends; and many programs run on this machine at once.
    const env = { PATH: process.env.PATH, PORT: '0', DRAIN_MS: '0', ...environment };
    return new Program(spawn(process.execPath, [`dist/apps/${app}/src/main.js`], { env }));
  }

  /** Resolves when its screen shows this; fails at once when it ends before. */
  async shows(text: string, timeoutMs = 60_000): Promise<void> {
    await eventually(
      () => {
        if (this.hasEnded()) throw new Error(`it ended: ${this.screen}`);
        return this.screen.includes(text);
      },
      { timeoutMs },
    );
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded()) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await ended;
  }

  hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** Runs the command line and gives what it prints. */
export async function roster(environment: Record<string, string>, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['dist/apps/roster/src/roster.js', ...args], {
    env: { PATH: process.env.PATH, ...environment },
    maxBuffer: OUTPUT_MAX,
  });
  return stdout;
}

/** What Entra's provisioning log would count. */
export interface Counts {
  created: number;
  updated: number;
  disabled: number;
  deleted: number;
  failed: number;
  /** Skipped, because the directory has several that fit. */
  duplicates: number;
  writes: number;
  reasons: readonly object[];
}

/** Plays Entra against a tenant URL; the counts also when something failed. */
export async function entra(url: string, token: string, ...args: string[]): Promise<Counts> {
  const command = ['dist/apps/entra-simulator/src/main.js', '--url', url, '--token', token, '--json', ...args];
  const { stdout } = await run(process.execPath, command, { maxBuffer: OUTPUT_MAX }).catch((error: unknown) => {
    // Node's own errors are of another realm than a test's: `instanceof` does not know them.
    const { stdout: said } = error as { stdout?: unknown };
    if (typeof said === 'string' && said !== '') return { stdout: said };
    throw error;
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Counts;
}

/** The run that every deployment has to pass. */
export const ENTRA_RUN = ['--users', '300', '--groups', '10', '--members', '50', '--cycles', '3', '--dialect', 'mixed'];

export const NOTHING_TO_DO = { created: 0, updated: 0, disabled: 0, deleted: 0, failed: 0 };
