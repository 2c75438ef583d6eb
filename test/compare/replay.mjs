// Plays a recording of the simulator against another server. Ids differ from server to server: each id that the recorded server
// gave is exchanged for the one that this server gave for the same request.
import { readFileSync } from 'node:fs';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const HEADERS = new Set(['content-type', 'accept', 'user-agent', 'if-match', 'if-none-match']);

/** The exchanges of a recording that were answered, in the order in which they were sent. */
export function readRecording(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ answer }) => answer !== undefined)
    .sort((a, b) => a.number - b.number);
}

/** Sends what was recorded, one by one; gives each exchange with this server's answer, in the ids of the recording. */
export async function replay(exchanges, { url, token }) {
  const base = url.replace(/\/$/, '');
  const there = new Map();
  const here = new Map();
  const given = new Set(exchanges.flatMap((exchange) => madeBy(exchange.request, exchange.answer) ?? []));
  const done = [];
  for (const { number, request, answer: recorded } of exchanges) {
    const text = `${request.path}\n${request.body ?? ''}`;
    const missing = [...text.matchAll(UUID)].some(
      ([id]) => given.has(id.toLowerCase()) && !there.has(id.toLowerCase()),
    );
    const to = (words) => words.replace(UUID, (id) => there.get(id.toLowerCase()) ?? id);
    const from = (words) => words.replaceAll(/[\w-]{20,}/g, (id) => here.get(id.toLowerCase()) ?? id);
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => HEADERS.has(name.toLowerCase())),
    );
    const response = await fetch(`${base}${pathBelow(request.path)}`.replace(UUID, to), {
      method: request.method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      ...(request.body !== undefined && { body: to(request.body) }),
    });
    const answer = { status: response.status, body: await response.text() };
    const [theirs, ours] = [madeBy(request, recorded), madeBy(request, answer)];
    if (theirs !== undefined && ours !== undefined) {
      there.set(theirs, ours);
      here.set(ours, theirs);
    }
    done.push({ number, request, recorded, answer: { ...answer, body: from(answer.body) }, isOrphan: missing });
  }
  return done;
}

/** The path of a request below the Tenant URL. */
export const pathBelow = (path) => path.replace(/^.*?\/v2(?=\/|\?|$)/, '');

function madeBy({ method }, { status, body }) {
  if (method !== 'POST' || status !== 201) return undefined;
  try {
    return String(JSON.parse(body).id).toLowerCase();
  } catch {
    return undefined;
  }
}
