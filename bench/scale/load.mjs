// Loads two systems by turns, a fraction of a second each, so that what a shared machine does meanwhile falls on both alike.
// Usage: node bench/scale/load.mjs '{"targets":[{"url":…,"token":…,"names":[…]},…],"kind":"create|find","connections":64,"slices":16,"sliceMs":400}'
// Gives one line of JSON: for each target the requests a second and the median in milliseconds of each of its slices.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

const { targets, kind, connections, slices, sliceMs } = JSON.parse(process.argv[2]);
const run = Math.random().toString(36).slice(2, 8);
const agents = targets.map(() => new Agent({ keepAlive: true, maxSockets: connections }));
let made = 0;

function call(at, method, path, body) {
  const { url, token } = targets[at];
  const { hostname, port, pathname } = new URL(url);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/scim+json' };
    if (body !== undefined) headers['content-type'] = 'application/scim+json';
    const asked = request(
      { agent: agents[at], host: hostname, port, method, path: pathname + path, headers },
      (answer) => {
        let size = 0;
        answer.on('data', (chunk) => (size += chunk.length));
        answer.on('end', () => resolve({ status: answer.statusCode, ms: performance.now() - began, size }));
        answer.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

const works = {
  async create(at) {
    const userName = `bench-${run}-${made++}@example.com`;
    const emails = [{ type: 'work', value: userName, primary: true }];
    const body = {
      userName,
      externalId: userName,
      active: true,
      name: { familyName: 'Lovelace', givenName: 'Ada' },
      emails,
    };
    const { status, ms } = await call(at, 'POST', '/Users', JSON.stringify(body));
    if (status !== 201) throw new Error(`a create was answered ${status}`);
    return ms;
  },
  async find(at) {
    const { names } = targets[at];
    const wanted = names[Math.floor(Math.random() * names.length)];
    const { status, ms, size } = await call(
      at,
      'GET',
      `/Users?filter=${encodeURIComponent(`userName eq "${wanted}"`)}`,
    );
    if (status !== 200 || size < 200) throw new Error(`a find was answered ${status} with ${size} bytes`);
    return ms;
  },
};

async function slice(at) {
  const times = [];
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() - began < sliceMs) times.push(await works[kind](at));
    }),
  );
  times.sort((left, right) => left - right);
  return { perSecond: (times.length / (performance.now() - began)) * 1_000, p50: times[times.length >> 1] };
}

const seen = targets.map(() => []);
for (let turn = 0; turn < slices; turn += 1) {
  // One, other, other, one: neither is always the first.
  const order = targets.map((_, at) => at);
  for (const at of turn % 2 === 0 ? order : order.toReversed()) seen[at].push(await slice(at));
}
console.log(JSON.stringify(seen));
process.exit(0);
