import { lookup as resolve } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const ANSWER_MS_MAX = 10_000;

/** Addresses of this machine and of the networks behind it (RFC 6890): a webhook must not be a way into them. */
const INSIDE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  INSIDE.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  INSIDE.addSubnet(net, bits, 'ipv6');
}

/** Is this an address that only somebody within can mean? */
export function isInside(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isInside(mapped);
  return INSIDE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Why a webhook may not go there; undefined when it may. */
export function whyNot(url: string, mayGoInside: boolean): string | undefined {
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return 'A webhook’s address must not hold a user or a password.';
  if (mayGoInside) return undefined;
  if (protocol !== 'https:') return 'A webhook’s address must begin with https.';
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLocal = /(^|\.)(localhost|local|internal)\.?$/i.test(host) || (isIP(host) !== 0 && isInside(host));
  return isLocal ? 'A webhook’s address must be reachable from outside.' : undefined;
}

/** Sends to whatever address people name, but to none within, and follows nobody anywhere else. */
export class OutsideWorld {
  constructor(private readonly mayGoInside: boolean) {}

  whyNot(url: string): string | undefined {
    return whyNot(url, this.mayGoInside);
  }

  /** The status of the answer, whose body nobody reads. Throws when there is none in time, or the address leads inside. */
  post(url: string, headers: Record<string, string>, body: string): Promise<number> {
    const reason = this.whyNot(url);
    if (reason !== undefined) return Promise.reject(new Error(reason));
    const send = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((answered, reject) => {
      const options = { method: 'POST', headers, lookup: this.lookup, signal: AbortSignal.timeout(ANSWER_MS_MAX) };
      const out = send(url, options, (answer) => {
        answer.destroy();
        answered(answer.statusCode ?? 0);
      });
      out.on('error', reject);
      out.end(body);
    });
  }

  /** The address is looked at where it is used: a name may lead elsewhere the next time that it is asked for. */
  private readonly lookup: LookupFunction = (name, options, done) => {
    resolve(name, options, (error, found, family) => {
      const all = typeof found === 'string' ? [{ address: found, family }] : found;
      const inside = error === null && !this.mayGoInside && all.some(({ address }) => isInside(address));
      done(inside ? new Error(`${name} leads to an address within`) : error, found, family);
    });
  };
}
