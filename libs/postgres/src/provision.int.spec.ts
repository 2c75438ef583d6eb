import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startPostgres, type TestPostgres } from '#libs/testing';
import { provision } from './provision.js';

const PASSWORD = 'only-for-tests';
const suffix = randomUUID().slice(0, 8);
const [one, other, database] = [`one_${suffix}`, `other_${suffix}`, `rights_${suffix}`];

let server: TestPostgres;
let urls: Map<string, string>;

beforeAll(async () => {
  server = await startPostgres();
  const places = [one, other].map((name) => ({ name, password: PASSWORD }));
  await provision(server.adminUrl, database, places);
  urls = await provision(server.adminUrl, database, places); // as every upgrade does it again
});

afterAll(async () => {
  await as(server.adminUrl, `drop database ${database} with (force)`, `drop role ${one}`, `drop role ${other}`);
  await server.stop();
});

async function as(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const url = (role: string) => urls.get(role) ?? '';

function at(to: string, role: string): string {
  const elsewhere = new URL(url(role));
  elsewhere.pathname = `/${to}`;
  return elsewhere.href;
}

describe('the role of a service', () => {
  it('may do with its own schema what it needs', async () => {
    await as(url(one), `create table ${one}.kept (id int)`, `insert into ${one}.kept values (1)`);
    await as(url(other), `create table ${other}.kept (id int)`);
  });

  it.each([
    ['read another one’s tables', () => `select * from ${other}.kept`],
    ['make tables in another one’s schema', () => `create table ${other}.mine (id int)`],
    ['make tables in the schema of nobody', () => 'create table public.mine (id int)'],
    ['make temporary tables', () => 'create temporary table mine (id int)'],
    ['make schemas', () => 'create schema mine'],
    ['make databases', () => 'create database mine'],
    ['make roles', () => 'create role mine'],
    ['give itself more', () => `alter role ${one} createdb`],
    ['become another one', () => `set role ${other}`],
    ['read the server’s files', () => "select pg_read_file('postgresql.conf')"],
    ['run programs', () => `copy ${one}.kept from program 'true'`],
    ['see passwords', () => 'select * from pg_authid'],
  ])('may not %s', async (_, statement) => {
    await expect(as(url(one), statement())).rejects.toMatchObject({ code: '42501' });
  });

  it('is let in by its password only, and a role of nobody’s not at all', async () => {
    const wrong = new URL(url(one));
    wrong.password = 'wrong';
    await expect(as(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    const stranger = `stranger_${suffix}`;
    await as(server.adminUrl, `create role ${stranger} login password '${PASSWORD}'`);
    const foreign = new URL(at(database, one));
    foreign.username = stranger;
    await expect(as(foreign.href, 'select 1')).rejects.toMatchObject({ code: '42501' });
    await as(server.adminUrl, `drop role ${stranger}`);
  });
});
