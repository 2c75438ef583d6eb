// One load on one target, as a process of its own so that its cost can be told from the server's.
// Usage: node bench/load.mjs '{"url":…,"token":…,"kind":"create|find|echo","connections":64,"seconds":5}' → one line of JSON.
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

const { url, token, kind, connections, seconds, names = [] } = JSON.parse(process.argv[2]);
const { hostname, port, pathname } = new URL(url);
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const run = Math.random().toString(36).slice(2, 8);

function call(method, path, body) {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/scim+json' };
    if (body !== undefined) headers['content-type'] = 'application/scim+json';
    const asked = request(
      { agent, host: hostname, port, method, path: pathname.replace(/\/$/, '') + path, headers },
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

const name = (client, turn) => `bench-${run}-${client}-${turn}@example.com`;
const made = [];
const works = {
  create: async (client, turn) => {
    const userName = name(client, turn);
    const body = {
      schemas: [USER],
      userName,
      externalId: userName,
      active: true,
      name: { familyName: 'Lovelace', givenName: 'Ada' },
      emails: [{ type: 'work', value: userName, primary: true }],
    };
    const answer = await call('POST', '/Users', JSON.stringify(body));
    if (answer.status === 201 && made.length < 2_000) made.push(userName);
    return answer.status === 201 ? answer : { ...answer, isWrong: true };
  },
  find: async (client, turn) => {
    const wanted = names[(client * 7919 + turn) % names.length];
    const answer = await call('GET', `/Users?filter=${encodeURIComponent(`userName eq "${wanted}"`)}`);
    return answer.status === 200 && answer.size > 200 ? answer : { ...answer, isWrong: true };
  },
  echo: async (client, turn) => {
    const answer = await call('POST', '/Users', JSON.stringify({ userName: name(client, turn) }));
    return answer.status < 300 ? answer : { ...answer, isWrong: true };
  },
};

const times = [];
let wrong = 0;
let counting = false;
let isOn = true;
const clients = Array.from({ length: connections }, async (_, client) => {
  for (let turn = 0; isOn; turn += 1) {
    const { ms, isWrong } = await works[kind](client, turn);
    if (!counting) continue;
    if (isWrong) wrong += 1;
    else times.push(ms);
  }
});
await new Promise((resolve) => setTimeout(resolve, 1_500)); // connections and compilers warm up
counting = true;
const cpuBefore = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
counting = false;
const { user, system } = process.cpuUsage(cpuBefore);
isOn = false;
await Promise.all(clients);
times.sort((left, right) => left - right);
const at = (share) => Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2));
const clientCpu = Number(((user + system) / 1e6 / seconds).toFixed(2));
console.log(
  JSON.stringify({ perSecond: times.length / seconds, p50: at(0.5), p99: at(0.99), wrong, clientCpu, names: made }),
);
process.exit(0);
