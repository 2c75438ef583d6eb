import { eventually } from '#libs/testing';
import { violations } from './check.js';
import { Client } from './client.js';
import { gather } from './evidence.js';
import { Load, makeGroup, type Place } from './load.js';
import { System } from './system.js';

// Named in apps/directory/src/engine/fail-points.ts; what a test sees of them is the environment variable.
const POINTS = ['after_claim', 'after_decide', 'after_commit', 'before_reply', 'before_publish', 'mid_publish'];
const CLIENTS = 16;
const ANSWERS = 200;

let system: System;
const client = new Client();

beforeAll(async () => {
  system = await System.start();
}, 120_000);

afterAll(async () => {
  client.close();
  await system.stop();
}, 60_000);

describe('a directory service that fails at the worst moment', () => {
  it('loses nothing, does nothing twice and keeps every order, wherever it is killed or throws', async () => {
    const places: Place[] = [];
    for (let index = 0; index < 4; index += 1) {
      const { directory, token } = await system.newDirectory();
      places.push({ directory, token, group: await makeGroup(client, system.gateways[1], token) });
    }
    // One service alone, so that it owns every partition and comes to every point.
    await system.end('directory-2', 'SIGTERM');
    const load = new Load(client, system.gateways, places);
    load.start(CLIENTS);
    try {
      for (const point of POINTS) {
        await system.end('directory-1', 'SIGTERM');
        const [throws, dies] = point === 'after_claim' ? [1, 2] : [5, 25];
        const orders = `${point}:throw:${throws},${point}:kill:${dies}`;
        await system.launch('directory-1', { ROSTER_FAIL_POINTS: orders }).catch(() => undefined);
        await eventually(() => system.pid('directory-1') === undefined, { timeoutMs: 30_000 });
        // What it says before it is up is kept back until then, and dies with it.
        if (point !== 'after_claim') expect(system.said('directory-1')).toContain(`failed at ${point}`);
        await system.launch('directory-1');
        await answered(load);
      }
    } finally {
      await load.stop();
    }
    const where = { databaseUrl: system.url('directory'), brokers: system.brokers, gateway: system.gateways[1] };
    expect(violations(await gather(where, places, load.history))).toEqual([]);
  }, 300_000);
});

describe('a write that was done and whose answer got lost', () => {
  it('is acknowledged all the same', async () => {
    const { token } = await system.newDirectory();
    await system.end('directory-2', 'SIGTERM');
    await system.end('directory-1', 'SIGTERM');
    await system.launch('directory-1', { ROSTER_FAIL_POINTS: 'before_reply:throw:1' });
    const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'ada@example.com' };
    const answer = await client.call(system.gateways[1], token, 'POST', '/Users', body);
    expect(system.said('directory-1')).toContain('failed at before_reply');
    expect(answer.status).toBe(201);
  });
});

async function answered(load: Load): Promise<void> {
  const before = load.done;
  await eventually(() => load.done > before + ANSWERS, { timeoutMs: 60_000 });
}
