import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

const TIME_MS_MAX = 5_000;
const BYTES_MAX = 256 * 1024;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** An address that somebody else named could not be read; the message says why, in a sentence. */
export class Unreachable extends Error {
  constructor(url: string, why: string, options?: ErrorOptions) {
    super(`${url} cannot be read: ${why}`, options);
    this.name = 'Unreachable';
  }
}

/**
 * Reads JSON from an address that somebody else has named. Over https only, but for loopback; never from a private address, to
 * whatever name it belongs at that moment, unless it is in `allowed` (addresses or ranges); no redirects, 5 s, 256 kB.
 */
export async function guardedGet(address: string, allowed: readonly string[]): Promise<unknown> {
  const url = new URL(address);
  const isPlain = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
  if (url.protocol !== 'https:' && !isPlain) throw new Unreachable(address, 'only https is read');
  if (url.username !== '' || url.password !== '') throw new Unreachable(address, 'it must hold no password');
  const text = await textOf(url, isPlain, [...allowed]).catch((error: unknown) => {
    if (error instanceof Unreachable) throw error;
    throw new Unreachable(address, error instanceof Error ? error.message : String(error), { cause: error });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new Unreachable(address, 'it holds no JSON', { cause: error });
  }
}

function textOf(url: URL, isPlain: boolean, allowIPAddressList: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const options = { headers: { accept: 'application/json' }, signal: AbortSignal.timeout(TIME_MS_MAX) };
  const agent = isPlain
    ? new RequestFilteringHttpAgent({ allowIPAddressList })
    : new RequestFilteringHttpsAgent({ allowIPAddressList });
  const request = (isPlain ? httpGet : httpsGet)(url, { ...options, agent }, (answer) => {
    if (answer.statusCode !== 200) {
      reject(new Unreachable(url.href, `it answers ${answer.statusCode ?? 'nothing'}, not 200`));
      request.destroy();
      return;
    }
    const pieces: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (piece: Buffer) => {
      bytes += piece.length;
      pieces.push(piece);
      if (bytes <= BYTES_MAX) return;
      reject(new Unreachable(url.href, 'it is longer than 256 kB'));
      request.destroy();
    });
    answer.on('end', () => resolve(Buffer.concat(pieces).toString()));
    answer.on('error', reject);
  });
  request.on('error', reject);
  return promise.finally(() => agent.destroy());
}
