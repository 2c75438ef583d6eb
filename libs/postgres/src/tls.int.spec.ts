import { chmod, chown, copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { withTls } from '#libs/service';
import { type Certificates, makeCertificates, PostgresProcess } from '#libs/testing';
import { openDatabase } from './database.js';
import { migrate } from './migrate.js';

let server: PostgresProcess;
let adminUrl: string;
let own: Certificates;
let foreign: Certificates;

beforeAll(async () => {
  [own, foreign] = await Promise.all([makeCertificates(), makeCertificates()]);
  server = await PostgresProcess.make();
  adminUrl = (await server.start()).replace('127.0.0.1', 'localhost');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const [{ data_directory: folder }] = (await client.query<{ data_directory: string }>('show data_directory')).rows as [
    { data_directory: string },
  ];
  const { uid, gid } = await stat(folder);
  for (const [from, name] of [
    [own.cert, 'tls.pem'],
    [own.key, 'tls.key'],
  ] as const) {
    const to = join(folder, name);
    await copyFile(from, to);
    await chown(to, uid, gid);
    await chmod(to, 0o600);
  }
  await client.query("alter system set ssl_cert_file = 'tls.pem'");
  await client.query("alter system set ssl_key_file = 'tls.key'");
  await client.query('alter system set ssl = on');
  await client.query('select pg_reload_conf()');
  await client.end();
});

afterAll(async () => {
  await server.remove();
  await Promise.all([own.remove(), foreign.remove()]);
});

async function isEncrypted(url: string): Promise<boolean> {
  const database = openDatabase({ url, schema: 'public', poolMax: 1 });
  try {
    const [row] = await database.query<{ ssl: boolean }>(
      'is_encrypted',
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    );
    return row?.ssl === true;
  } finally {
    await database.close();
  }
}

describe('a connection to PostgreSQL', () => {
  it('is encrypted when an authority is named, and only then', async () => {
    expect(await isEncrypted(withTls(adminUrl, own.ca))).toBe(true);
    expect(await isEncrypted(adminUrl)).toBe(false);
  });

  it('is refused to a server that another authority signed, or of another name', async () => {
    await expect(isEncrypted(withTls(adminUrl, foreign.ca))).rejects.toThrow(/certificate|self.signed/i);
    const byAddress = adminUrl.replace('localhost', '127.0.0.1');
    await expect(isEncrypted(withTls(byAddress, own.ca))).rejects.toThrow(/altnames|certificate/i);
  });

  it('is encrypted for migrations too', async () => {
    const up = 'create table seen as select ssl from pg_stat_ssl where pid = pg_backend_pid()';
    const url = withTls(adminUrl, own.ca);
    await migrate({ url, schema: 'public', migrations: [{ name: 'Seen', timestamp: 1764000000001, up }] });
    const database = openDatabase({ url, schema: 'public', poolMax: 1 });
    expect(await database.query('seen', 'select ssl from seen')).toEqual([{ ssl: true }]);
    await database.close();
  });
});
