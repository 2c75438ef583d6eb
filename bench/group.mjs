// `npm run bench:group`: what a group of 100,000 members costs beside one of 10, as services over Kafka and in one process:
// one more member side by side, and the memory that reading, listing and replacing it takes. Prints a table; exit 1 when a
// promise does not hold.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { parseArgs } from 'node:util';
import * as targets from './targets.mjs';

const { values } = parseArgs({
  options: {
    members: { type: 'string', default: '100000' },
    turns: { type: 'string', default: '300' },
    at: { type: 'string', default: 'services,embedded' },
  },
});
const MEMBERS = Number(values.members);
const TURNS = Number(values.turns);
const A_BULK = 1_000;
const A_PATCH = 20_000;
const MB_MAX = 300;

let agent;
let target;

/** Resolves with status, size, a running check of the text, and how long the whole of it took. */
function call(method, path, body, { pauseMs = 0, keep = true } = {}) {
  const { hostname, port, pathname } = new URL(target.url);
  const headers = { authorization: `Bearer ${target.token}`, 'content-type': 'application/scim+json' };
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const options = { agent, host: hostname, port, method, path: pathname.replace(/\/$/, '') + path, headers };
    const asked = request(options, (answer) => {
      const pieces = [];
      let size = 0;
      answer.on('data', (piece) => {
        size += piece.length;
        if (keep) pieces.push(piece);
        if (pauseMs === 0) return;
        answer.pause();
        setTimeout(() => answer.resume(), pauseMs);
      });
      answer.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        resolve({ status: answer.statusCode, ms: performance.now() - began, size, text, headers: answer.headers });
      });
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function expectStatus(status, ...asked) {
  const answer = await call(...asked);
  if (answer.status !== status)
    throw new Error(`${asked[0]} ${asked[1]}: ${answer.status} ${answer.text.slice(0, 500)}`);
  return answer;
}

async function makeUsers(count) {
  const run = Math.random().toString(36).slice(2, 8);
  const ids = [];
  const starts = Array.from({ length: Math.ceil(count / A_BULK) }, (_, at) => at * A_BULK);
  const work = async () => {
    for (let start = starts.shift(); start !== undefined; start = starts.shift()) {
      const Operations = Array.from({ length: Math.min(A_BULK, count - start) }, (_, at) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `${at}`,
        data: { userName: `${run}-${start + at}` },
      }));
      const { text } = await expectStatus(200, 'POST', '/Bulk', { Operations });
      for (const { location } of JSON.parse(text).Operations) ids.push(location.split('/').at(-1));
    }
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return ids;
}

async function makeGroup(displayName, ids) {
  const { id } = JSON.parse((await expectStatus(201, 'POST', '/Groups', { displayName })).text);
  for (let start = 0; start < ids.length; start += A_PATCH) {
    const value = ids.slice(start, start + A_PATCH);
    await expectStatus(204, 'PATCH', `/Groups/${id}`, { Operations: [{ op: 'add', path: 'members', value }] });
  }
  return id;
}

const add = (group, id) =>
  expectStatus(204, 'PATCH', `/Groups/${group}`, {
    Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }],
  });

const at = (times, share) => times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
const round = (number) => Number(number.toFixed(2));

function isWhole(text, ids) {
  const got = JSON.parse(text).members.map(({ value }) => value);
  const wanted = ids.toSorted();
  return got.length === wanted.length && got.every((id, place) => id === wanted[place]);
}

/** As a client does that is told to wait: asks again when Retry-After says so. Counts how often it was told. */
async function patiently(refused, ...asked) {
  for (;;) {
    const answer = await call(...asked);
    if (answer.status !== 503) return answer;
    refused.count += 1;
    await new Promise((resolve) => setTimeout(resolve, Number(answer.headers['retry-after']) * 1_000));
  }
}

/** The peak of each process since it was started, in MB. */
const peaks = (pids) =>
  Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return [name, Math.round(kilobytes / 1024)];
    }),
  );

async function measure(open) {
  target = await open();
  agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const table = [];
  const broken = [];
  const note = (what, value, extra = '') => {
    const memory = peaks(target.pids);
    table.push({ what, value, extra, ...memory });
    console.error(what, value, extra, JSON.stringify(memory));
  };
  const hold = (isTrue, what) => isTrue || broken.push(`${target.name}: ${what}`);
  /** The promise is that of the gateway as a process of its own. */
  const holdMemory = (while_) => {
    const { gateway = 0 } = peaks(target.pids);
    hold(gateway <= MB_MAX, `${while_}, the gateway peaked at ${gateway} MB`);
  };
  const restart = async () => {
    agent.destroy();
    await target.restart?.();
    agent = new Agent({ keepAlive: true, maxSockets: 256 });
    for (let tries = 0; (await call('GET', '/Users?count=1')).status !== 200; tries += 1) {
      if (tries > 100) throw new Error('it does not answer after a restart');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  try {
    const began = performance.now();
    const ids = await makeUsers(MEMBERS + 2 * TURNS + 10);
    note('users made, s', round((performance.now() - began) / 1_000));
    const members = ids.slice(0, MEMBERS);
    const spare = ids.slice(MEMBERS);
    const from = performance.now();
    const large = await makeGroup('large', members);
    note('large group filled, s', round((performance.now() - from) / 1_000));
    const small = await makeGroup('small', spare.splice(0, 10));

    const times = { small: [], large: [] };
    const inLarge = [...members];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const [one, other] = [spare.shift(), spare.shift()];
      const pairs = [
        ['small', small, one],
        ['large', large, other],
      ];
      for (const [name, group, id] of turn % 2 ? pairs : pairs.toReversed()) {
        times[name].push((await add(group, id)).ms);
      }
      inLarge.push(other);
    }
    const ratio = at(times.large, 0.5) / at(times.small, 0.5);
    note('one more member at 10, p50 ms', round(at(times.small, 0.5)), `p99 ${round(at(times.small, 0.99))}`);
    note(`one more member at ${MEMBERS}, p50 ms`, round(at(times.large, 0.5)), `p99 ${round(at(times.large, 0.99))}`);
    note('ratio', round(ratio));
    hold(ratio <= 1.5, `one more member costs ${round(ratio)} times`);

    await restart();
    const one = await expectStatus(200, 'GET', `/Groups/${large}`);
    note('GET, ms', round(one.ms), `${round(one.size / 1e6)} MB`);
    hold(isWhole(one.text, inLarge), 'the group is not whole, or not in order');
    for (const [clients, each] of [
      [1, 10],
      [16, 4],
      [20, 5],
      [64, 2],
    ]) {
      const gone = performance.now();
      const refused = { count: 0 };
      const all = await Promise.all(
        Array.from({ length: clients }, async () => {
          let right = 0;
          for (let turn = 0; turn < each; turn += 1) {
            const answer = await patiently(refused, 'GET', `/Groups/${large}`, undefined, { keep: false });
            if (answer.status === 200 && answer.size === one.size) right += 1;
          }
          return right;
        }),
      );
      const right = all.reduce((sum, count) => sum + count, 0);
      note(
        `GET by ${clients} at a time, s`,
        round((performance.now() - gone) / 1_000),
        `${right} of ${clients * each} whole, ${refused.count} times told to wait`,
      );
      hold(right === clients * each, `of ${clients * each} GETs ${right} were whole`);
    }
    for (const query of [
      '?attributes=members.value',
      '?excludedAttributes=members.$ref',
      '?excludedAttributes=members',
    ]) {
      const answer = await expectStatus(200, 'GET', `/Groups/${large}${query}`);
      note(`GET ${query}, ms`, round(answer.ms), `${round(answer.size / 1e6)} MB`);
    }
    const waited = { count: 0 };
    const slow = await Promise.all(
      Array.from({ length: 20 }, () =>
        patiently(waited, 'GET', `/Groups/${large}`, undefined, { keep: false, pauseMs: 20 }),
      ),
    );
    note(
      'GET by 20 slow readers, s',
      round(Math.max(...slow.map(({ ms }) => ms)) / 1_000),
      `${waited.count} times told to wait`,
    );
    hold(
      slow.every(({ size }) => size === one.size),
      'a slow reader did not get all',
    );
    holdMemory('reading');

    for (let copy = 0; copy < 9; copy += 1) await makeGroup(`copy ${copy}`, members);
    note('nine copies made', 9);
    await restart();
    const list = await call('GET', '/Groups?count=100', undefined, { keep: false });
    note('GET /Groups of ten large ones, ms', round(list.ms), `${round(list.size / 1e6)} MB, ${list.status}`);
    const told = { count: 0 };
    const lists = await Promise.all(
      Array.from({ length: 8 }, () => patiently(told, 'GET', '/Groups?count=100', undefined, { keep: false })),
    );
    note('the same, 8 at a time, s', round(Math.max(...lists.map(({ ms }) => ms)) / 1_000));
    hold(
      lists.every(({ size }) => size === list.size),
      'lists differ',
    );
    holdMemory('listing');
    await restart();

    const kept = inLarge.slice(0, 20_000);
    const put = await expectStatus(200, 'PUT', `/Groups/${large}`, { displayName: 'large', members: kept });
    note('PUT of 20,000 in its place, ms', round(put.ms), `${round(put.size / 1e6)} MB`);
    hold(isWhole(put.text, kept), 'after PUT the group is another one');
    const { text } = await expectStatus(200, 'GET', '/Groups?filter=displayName+sw+%22copy%22&attributes=id');
    const copies = JSON.parse(text).Resources.map(({ id }) => id);
    const cleared = performance.now();
    const emptying = { count: 0 };
    const emptied = await Promise.all(
      copies
        .slice(0, 4)
        .map((id) =>
          patiently(emptying, 'PATCH', `/Groups/${id}`, { Operations: [{ op: 'remove', path: 'members' }] }),
        ),
    );
    note(
      'PATCH, four emptied at a time, s',
      round((performance.now() - cleared) / 1_000),
      `${emptying.count} times told to wait`,
    );
    hold(
      emptied.every(({ status }) => status === 204),
      'a group was not emptied',
    );
    const patch = { Operations: [{ op: 'replace', path: 'members', value: kept }] };
    const patched = await expectStatus(200, 'PATCH', `/Groups/${copies[5]}?attributes=members`, patch);
    note('PATCH replace, 200 with members, ms', round(patched.ms), `${round(patched.size / 1e6)} MB`);
    await expectStatus(204, 'DELETE', `/Groups/${copies[6]}`);
    note('DELETE of one', 1);
  } finally {
    agent.destroy();
    await target.stop();
  }
  console.log(target.name);
  console.table(table);
  return broken;
}

const broken = [];
for (const name of values.at.split(',')) broken.push(...(await measure(targets[name])));
for (const sentence of broken) console.error(sentence);
process.exit(broken.length === 0 ? 0 : 1);
