import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#libs/postgres';

/** A PostgreSQL on a folder of its own, which outlives its process: it may be killed and started again. */
export class PostgresProcess {
  private server: EmbeddedPostgres | undefined;

  private constructor(private readonly folder: string) {}

  static async make(): Promise<PostgresProcess> {
    return new PostgresProcess(await mkdtemp(join(tmpdir(), 'roster-postgres-')));
  }

  /** Starts it, on a port that is free now, and gives the URL of its superuser. */
  async start(): Promise<string> {
    this.server = await startEmbeddedPostgres({ dataFolder: this.folder, fsync: false });
    return this.server.adminUrl;
  }

  /** Ends it as a crash of the machine would, but for what the operating system still holds. */
  async kill(): Promise<void> {
    for (const pid of await this.pids()) signal(pid, 'SIGKILL');
    await this.server?.died;
  }

  /** The server's process and those of its connections. */
  async pids(): Promise<number[]> {
    const text = await readFile(join(this.folder, 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
    const postmaster = Number(text.split('\n')[0]);
    if (!Number.isInteger(postmaster) || postmaster <= 0) return [];
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').catch(() => '');
    return [postmaster, ...children.split(' ').filter(Boolean).map(Number)];
  }

  async remove(): Promise<void> {
    await this.server?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone already
  }
}
