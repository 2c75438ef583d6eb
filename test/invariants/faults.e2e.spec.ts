import { eventually } from '#libs/testing';
import { Subscriber } from '../support/subscriber.js';
import { violations } from './check.js';
import { Client } from './client.js';
import { gather } from './evidence.js';
import { Load, makeGroup, type Place } from './load.js';
import { type Fault, faultsOf, torment } from './nemesis.js';
import { System } from './system.js';

// `npm run soak -- --minutes 60` sets the minutes; without them it is as short as it may be and still mean something.
const MINUTES = Number(process.env.ROSTER_SOAK_MINUTES ?? 0);
const LEAST = { faults: 42, writes: 50_000 };
const CLIENTS = 48;
const DIRECTORIES = 6;
const ANSWERS_BETWEEN_FAULTS = 1_200;
const SHORT_RUN_MS_MAX = 15 * 60_000;

let system: System;
let subscriber: Subscriber | undefined;
const client = new Client();

beforeAll(async () => {
  system = await System.start();
}, 120_000);

afterAll(async () => {
  client.close();
  await subscriber?.remove();
  await system.stop();
}, 60_000);

function killed(own: Subscriber): Fault {
  return {
    name: 'the subscriber is killed',
    lastsMs: 100,
    begin: () => own.kill(),
    heal() {
      own.start();
      return Promise.resolve();
    },
  };
}

const tell = (line: string) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);

describe('two directory services and two gateways under faults', () => {
  it(
    'lose nothing, do nothing twice and keep every order',
    async () => {
      const places: Place[] = [];
      for (let index = 0; index < DIRECTORIES; index += 1) {
        const { directory, token } = await system.newDirectory();
        places.push({ directory, token, group: await makeGroup(client, system.gateways[1], token) });
      }
      const [followed] = places;
      if (followed === undefined) throw new Error('there is no directory to follow');
      subscriber = await Subscriber.make(`127.0.0.1:${system.wires['gateways to Kafka'].port}`, followed.directory);
      subscriber.start();
      const load = new Load(client, system.gateways, places);
      const until = Date.now() + MINUTES * 60_000;
      load.start(CLIENTS);
      const isEnough = (count: number) =>
        MINUTES > 0 ? Date.now() > until : count >= LEAST.faults && load.done >= LEAST.writes;
      const faults = await torment(system, [...faultsOf(system), killed(subscriber)], {
        isEnough,
        done: () => load.done,
        between: ANSWERS_BETWEEN_FAULTS,
        tell,
      }).finally(() => load.stop());

      const where = { databaseUrl: system.url('directory'), brokers: system.brokers, gateway: system.gateways[1] };
      const evidence = await gather(where, places, load.history);
      const found = violations(evidence);
      const unknown = load.history.attempts.filter(({ outcome }) => outcome === 'unknown').length;
      const refused = load.history.attempts.filter(({ outcome }) => outcome === 'refused').length;
      tell(
        `${faults} faults, ${load.done} acknowledged writes, ${refused} refused, ${unknown} unknown, ` +
          `${load.history.looks.length} looks, ${evidence.stored.length} events: ${found.length} violations`,
      );
      expect(found).toEqual([]);
      const mirror = evidence.seen.get(followed.directory);
      await eventually(
        () => {
          expect(subscriber?.copy()).toEqual(mirror);
          return true;
        },
        { timeoutMs: 60_000 },
      );
      expect(subscriber.hasEnded()).toBe(false);
      expect(faults).toBeGreaterThanOrEqual(MINUTES > 0 ? 1 : LEAST.faults);
      expect(load.done).toBeGreaterThanOrEqual(MINUTES > 0 ? 1 : LEAST.writes);
    },
    MINUTES * 60_000 + SHORT_RUN_MS_MAX,
  );
});
