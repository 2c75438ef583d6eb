import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import type { Mirror } from './fold.js';
import type { Resource } from './scim.js';

const run = promisify(execFile);
const PROGRAM = /```js\n([\s\S]*?)```/;

/** The program of docs/events.md as its readers run it: copied from the page, beside the client as it is packed for them. */
export class Subscriber {
  private child: ChildProcess | undefined;
  private said = '';

  private constructor(
    private readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {}

  static async make(brokers: string, directory: string): Promise<Subscriber> {
    const folder = await mkdtemp(join(tmpdir(), 'roster-subscriber-'));
    const modules = join(folder, 'node_modules');
    await mkdir(modules, { recursive: true });
    await run(process.execPath, ['scripts/pack-client.mjs', join(modules, '@roster', 'client')]);
    for (const name of ['kafkajs', 'zod']) await symlink(resolve('node_modules', name), join(modules, name));
    const [, program] = PROGRAM.exec(await readFile('docs/events.md', 'utf8')) ?? [];
    if (program === undefined) throw new Error('docs/events.md has no program any more');
    await writeFile(join(folder, 'subscriber.mjs'), program);
    const environment = { COPY: join(folder, 'copy.db'), KAFKA_BROKERS: brokers, DIRECTORY: directory };
    return new Subscriber(folder, environment);
  }

  start(): void {
    const env = { PATH: process.env.PATH, ...this.environment };
    this.child = spawn(process.execPath, ['subscriber.mjs'], { cwd: this.folder, env });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    }
  }

  async kill(): Promise<void> {
    if (this.child === undefined || this.hasEnded()) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Did it give up? Then what it said is why. */
  hasEnded(): boolean {
    return this.child?.exitCode !== null || this.child.signalCode !== null;
  }

  get screen(): string {
    return this.said;
  }

  /** What it has made of the events so far. */
  copy(): Mirror {
    const database = new DatabaseSync(this.environment.COPY ?? '', { readOnly: true });
    try {
      const rows = database.prepare('select id, kind, body from resource').all() as Record<string, string>[];
      const of = (kind: string) =>
        rows.filter((row) => row.kind === kind).map(({ id = '', body = '' }) => [id, JSON.parse(body)] as const);
      const members = database.prepare('select grp, value from member').all() as Record<string, string>[];
      const membersOf = (group: string) =>
        new Set(members.filter(({ grp }) => grp === group).map(({ value = '' }) => value));
      return {
        users: new Map(of('user') as [string, Omit<Resource, 'members'>][]),
        groups: new Map(
          of('group').map(([id, group]) => [id, { group: group as Omit<Resource, 'members'>, members: membersOf(id) }]),
        ),
      };
    } finally {
      database.close();
    }
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
