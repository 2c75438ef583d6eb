import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#libs/testing';
import { Wire } from './http.js';
import { Program } from './program.js';

/** Tests ask as often as they can; how often a directory may is a matter of its own tests. */
export const UNHURRIED = { DIRECTORY_REQUESTS_PER_SECOND: '0' };

export interface Embedded {
  wire: Wire;
  environment: Record<string, string>;
  /** All that the program has said so far. */
  screen(): string;
  /** Kills it and starts it again on the same folder. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** The whole program on an empty folder, as `npm start` runs it, and the key that it shows. */
export async function startEmbedded(more: Record<string, string> = {}): Promise<Embedded> {
  const port = String(await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'roster-e2e-'));
  const environment = {
    ROSTER_DATA: folder,
    GATEWAY_PORT: port,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...UNHURRIED,
    ...more,
  };
  let program = Program.start('roster', environment);
  await program.shows('Roster is ready');
  const token = /^Secret Token: (\S+)$/m.exec(program.screen)?.[1] ?? '';
  return {
    wire: new Wire(environment.PUBLIC_URL, token),
    environment,
    screen: () => program.screen,
    async restart() {
      await program.end('SIGKILL');
      program = Program.start('roster', environment);
      await program.shows('Roster is ready');
    },
    async end() {
      await program.end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
