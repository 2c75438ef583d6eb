// Asks one address so many times a second for so long, whatever is answered, and tells as JSON how often each status came,
// how long each 200 took in ms, and what Retry-After said. A process of its own, so that it has its time for itself.
// Usage: node test/keys/steady.mjs URL TOKEN PER_SECOND SECONDS
import { Agent, request } from 'node:http';
import { clearInterval, setInterval, setTimeout } from 'node:timers';

const [url, token, perSecond, seconds] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
const counts = {};
const times = [];
const retryAfter = new Set();
let waiting = 0;
const one = () => {
  waiting += 1;
  const from = performance.now();
  const done = (status) => {
    counts[status] = (counts[status] ?? 0) + 1;
    if (status === 200) times.push(Number((performance.now() - from).toFixed(2)));
    waiting -= 1;
  };
  const outgoing = request(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
    if (answer.headers['retry-after'] !== undefined) retryAfter.add(answer.headers['retry-after']);
    answer.resume();
    answer.on('end', () => done(answer.statusCode));
  });
  outgoing.on('error', () => done('error'));
  outgoing.end();
};
const began = performance.now();
let asked = 0;
await new Promise((resolve) => {
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1_000) * perSecond);
    for (; asked < due; asked += 1) one();
    if (performance.now() - began >= seconds * 1_000) resolve(clearInterval(timer));
  }, 5);
});
while (waiting > 0) await new Promise((resolve) => setTimeout(resolve, 20));
console.log(JSON.stringify({ counts, times, retryAfter: [...retryAfter] }));
process.exit(0);
