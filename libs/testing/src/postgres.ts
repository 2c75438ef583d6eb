import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '#libs/postgres';

export interface TestPostgres {
  adminUrl: string;
  stop(): Promise<void>;
}

/** A real PostgreSQL for tests: the one at DATABASE_ADMIN_URL, else the embedded binaries in a folder of their own. */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env.DATABASE_ADMIN_URL;
  if (given !== undefined && given !== '') return { adminUrl: given, stop: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'roster-postgres-'));
  const server = await startEmbeddedPostgres({ dataFolder: folder, fsync: false });
  return {
    adminUrl: server.adminUrl,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An empty database of its own on this server. */
export async function freshDatabase(adminUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administer(adminUrl, `drop database ${name} with (force)`) };
}

async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
