// Jest's global set-up: one real PostgreSQL for a whole run, unless DATABASE_ADMIN_URL names one already.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function startServers() {
  if (process.env.DATABASE_ADMIN_URL || process.env.ROSTER_TEST_SERVERS === 'none') return;
  const { startEmbeddedPostgres } = await import('../dist/libs/postgres/src/index.js');
  const folder = await mkdtemp(join(tmpdir(), 'roster-postgres-'));
  const server = await startEmbeddedPostgres({ dataFolder: folder, fsync: false });
  process.env.DATABASE_ADMIN_URL = server.adminUrl;
  globalThis.rosterTestServers = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
