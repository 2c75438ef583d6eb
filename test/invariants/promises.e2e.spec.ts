import { randomUUID } from 'node:crypto';
import { eventually } from '#libs/testing';
import { Client } from './client.js';
import { makeGroup } from './load.js';
import { System } from './system.js';

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const TAKE_OVER_MS_MAX = 10_000;
const ROUNDS = 1_000;

let system: System;
const client = new Client();
let token: string;
let port: number;

beforeAll(async () => {
  system = await System.start();
  ({ token } = await system.newDirectory());
  port = system.gateways[1];
}, 120_000);

afterAll(async () => {
  client.close();
  await system.stop();
}, 60_000);

async function newUser(): Promise<string> {
  const userName = `${randomUUID()}@example.com`;
  const { body } = await client.call(port, token, 'POST', '/Users', { schemas: [USER], userName });
  if (body?.id === undefined) throw new Error('no user was made');
  return body.id;
}

const patch = (path: string, ...Operations: object[]) =>
  client.call(port, token, 'PATCH', path, { schemas: [PATCH], Operations });

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('what many do at once', () => {
  it('keeps all of 40 members that are added to one group at the same time', async () => {
    const group = await makeGroup(client, port, token);
    const users = await Promise.all(times(40, newUser));
    const answers = await Promise.all(
      users.map((value) => patch(`/Groups/${group}`, { op: 'add', path: 'members', value: [{ value }] })),
    );
    expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
    const { body } = await client.call(port, token, 'GET', `/Groups/${group}`);
    const members = body?.members as { value: string }[];
    expect(new Set(members.map(({ value }) => value))).toEqual(new Set(users));
  });

  it('keeps all of 8 attributes that are changed at the same time', async () => {
    const user = await newUser();
    const paths = ['title', 'nickName', 'displayName', 'locale', 'timezone', 'userType', 'externalId', 'profileUrl'];
    const answers = await Promise.all(
      paths.map((path) => patch(`/Users/${user}`, { op: 'replace', path, value: `https://example.com/${path}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    const { body } = await client.call(port, token, 'GET', `/Users/${user}`);
    expect(paths.map((path) => body?.[path])).toEqual(paths.map((path) => `https://example.com/${path}`));
  });

  it('makes one user of 16 that ask for one userName at the same time, a thousand times', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const userName = `round-${round}@example.com`;
      const answers = await Promise.all(
        times(16, (index) => {
          const spelled = index % 2 === 0 ? userName : userName.toUpperCase();
          return client.call(port, token, 'POST', '/Users', { schemas: [USER], userName: spelled });
        }),
      );
      const made = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(({ status, body }) => status === 409 && body?.scimType === 'uniqueness');
      expect([made.length, refused.length]).toEqual([1, 15]);
    }
  }, 120_000);
});

describe('a directory service that is killed', () => {
  it('is replaced by the other for every partition within ten seconds, and clients see nothing but 503', async () => {
    const places = await Promise.all(times(24, () => system.newDirectory()));
    await system.end('directory-1', 'SIGKILL');
    const killed = Date.now();
    const statuses = new Set<number>();
    await Promise.all(
      places.map(async (place) => {
        for (let attempt = 0; ; attempt += 1) {
          const body = { schemas: [USER], userName: `${randomUUID()}@example.com` };
          const { status } = await client.call(port, place.token, 'POST', '/Users', body);
          statuses.add(status);
          if (status === 201) return;
        }
      }),
    );
    const tookMs = Date.now() - killed;
    process.stdout.write(`24 directories were written to again ${tookMs} ms after the kill\n`);
    expect(tookMs).toBeLessThan(TAKE_OVER_MS_MAX);
    expect([...statuses].filter((status) => status !== 201 && status !== 503)).toEqual([]);
    await eventually(() => system.launch('directory-1').then(() => true), { timeoutMs: 60_000 });
  }, 120_000);
});
