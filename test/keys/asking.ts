import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** What a gateway answers: the status, 0 when it did not, with Retry-After. */
export function ask(
  origin: string,
  path: string,
  token: string,
): Promise<{ status: number; retryAfter?: string; ms: number }> {
  const from = performance.now();
  return new Promise((resolve) => {
    const outgoing = request(`${origin}${path}`, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      answer.on('end', () => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ status, retryAfter: headers['retry-after'], ms: performance.now() - from });
      });
    });
    outgoing.on('error', () => resolve({ status: 0, ms: performance.now() - from }));
    outgoing.end();
  });
}

/** Needs a key that is taken, and asks nobody further: 501 for one, 401 for any other. */
export const WHO = '/v2/Me';
export const TAKEN = 501;

/** Asks again and again until it is told to stop; gives how often each status came. */
export function asking(next: () => { origin: string; path: string; token: string }, everyMs = 0) {
  const counts = new Map<number, number>();
  const ending = new AbortController();
  const done = (async () => {
    while (!ending.signal.aborted) {
      const { origin, path, token } = next();
      const { status } = await ask(origin, path, token);
      counts.set(status, (counts.get(status) ?? 0) + 1);
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  })();
  return {
    counts,
    stop: () => {
      ending.abort();
      return done;
    },
  };
}

export function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
