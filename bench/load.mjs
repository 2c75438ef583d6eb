// One load on one target, as a process of its own so that its cost can be told from the server's. The client writes to
// sockets itself: Node's own would take as much of the two cores as a server that is worth measuring.
// Usage: node bench/load.mjs '{"url":…,"token":…,"kind":"create|find|echo","connections":64,"seconds":5}'
// Says "begin" and "end" around what counts, then one line of JSON.
import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

const { url, token, kind, connections, seconds, warmUpS = 2, names = [] } = JSON.parse(process.argv[2]);
const { hostname, port, pathname } = new URL(url);
const base = pathname.replace(/\/$/, '');
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const run = Math.random().toString(36).slice(2, 8);
const HEAD = ` HTTP/1.1\r\nhost: ${hostname}:${port}\r\nauthorization: Bearer ${token}\r\naccept: application/scim+json\r\n`;
const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

/** One connection, one request at a time; gives status, milliseconds and bytes of the body. A server may close it between. */
class Connection {
  #socket = undefined;
  #kept = Buffer.alloc(0);
  #asked = undefined;

  call(method, path, body) {
    const entity =
      body === undefined
        ? '\r\n'
        : `content-type: application/scim+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
    return new Promise((resolve) => {
      this.#asked = { resolve, began: performance.now() };
      this.#open().write(`${method} ${base}${path}${HEAD}${entity}`);
    });
  }

  end() {
    this.#socket?.destroy();
  }

  #open() {
    if (this.#socket !== undefined) return this.#socket;
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => undefined); // 'close' follows
    const gone = () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      socket.destroy();
      // Whoever breaks off has not answered.
      this.#asked?.resolve({ status: 0, ms: performance.now() - this.#asked.began, size: 0 });
      this.#asked = undefined;
      this.#kept = Buffer.alloc(0);
    };
    socket.on('end', gone);
    socket.on('close', gone);
    return socket;
  }

  #take(chunk) {
    const all = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    this.#kept = all;
    const end = all.indexOf(HEAD_END);
    if (end < 0) return;
    const head = all.latin1Slice(0, end).toLowerCase();
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    const size = all.length - end - HEAD_END.length;
    const isWhole = length === undefined ? all.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK) : size >= Number(length);
    if (!isWhole) return;
    const { resolve, began } = this.#asked;
    this.#asked = undefined;
    this.#kept = Buffer.alloc(0);
    if (head.includes('\r\nconnection: close') || head.startsWith('http/1.0')) {
      this.#socket?.destroy();
      this.#socket = undefined;
    }
    resolve({ status: Number(head.slice(9, 12)), ms: performance.now() - began, size });
  }
}

const name = (client, turn) => `bench-${run}-${client}-${turn}@example.com`;
const made = [];
const works = {
  create: async (connection, client, turn) => {
    const userName = name(client, turn);
    const body = {
      schemas: [USER],
      userName,
      externalId: userName,
      active: true,
      name: { familyName: 'Lovelace', givenName: 'Ada' },
      emails: [{ type: 'work', value: userName, primary: true }],
    };
    const answer = await connection.call('POST', '/Users', JSON.stringify(body));
    if (answer.status === 201 && made.length < 2_000) made.push(userName);
    return answer.status === 201 ? answer : { ...answer, isWrong: true };
  },
  find: async (connection, client, turn) => {
    const wanted = names[(client * 7919 + turn) % names.length];
    const answer = await connection.call('GET', `/Users?filter=${encodeURIComponent(`userName eq "${wanted}"`)}`);
    return answer.status === 200 && answer.size > 200 ? answer : { ...answer, isWrong: true };
  },
  echo: async (connection, client, turn) => {
    const answer = await connection.call('POST', '/Users', JSON.stringify({ userName: name(client, turn) }));
    return answer.status < 300 ? answer : { ...answer, isWrong: true };
  },
};

const times = [];
let wrong = 0;
let counting = false;
let isOn = true;
const clients = Array.from({ length: connections }, async (_, client) => {
  const connection = new Connection();
  for (let turn = 0; isOn; turn += 1) {
    const { ms, isWrong } = await works[kind](connection, client, turn);
    if (!counting) continue;
    if (isWrong) wrong += 1;
    else times.push(ms);
  }
  connection.end();
});
await new Promise((resolve) => setTimeout(resolve, warmUpS * 1_000)); // connections and compilers warm up
counting = true;
console.log('begin');
const began = performance.now();
const cpuBefore = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
counting = false;
const { user, system } = process.cpuUsage(cpuBefore);
const tookS = (performance.now() - began) / 1_000;
console.log('end');
isOn = false;
await Promise.all(clients);
times.sort((left, right) => left - right);
const at = (share) => Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2));
const perSecond = Number((times.length / tookS).toFixed(1));
const clientCpuUs = (user + system) / Math.max(1, times.length);
console.log(
  JSON.stringify({ count: times.length, perSecond, p50: at(0.5), p99: at(0.99), wrong, clientCpuUs, names: made }),
);
process.exit(0);
