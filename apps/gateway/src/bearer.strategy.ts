import { Strategy } from 'passport-http-bearer';
import type { Credential, Rejected } from './known-keys.js';

/** What RFC 6750 has a resource server answer: who is calling, or a challenge for `WWW-Authenticate`. */
export type Verdict = { credential: Credential } | ({ status: 401; challenge: string } & Rejected);

export const REALM = 'Roster';

/** Says what a token stands for, at once or a little later. */
export type Check = (token: string) => Credential | Rejected | Promise<Credential | Rejected>;

type Verified = (error: unknown, credential?: Credential, info?: { message: string; scope: string }) => void;

/** What passport adds to a strategy before it runs one request through it. */
interface Actions {
  success(credential: Credential): void;
  fail(challenge: unknown): void;
  error(error: unknown): void;
}

const NONE = { reason: 'Send the key as "Authorization: Bearer …".' };
const MALFORMED = 'The Authorization header is malformed.';
/** RFC 7644 §3.12 has 401 for a header that is invalid, as RFC 6750 §3.1 has for a token that is malformed. */
const UNREADABLE: Verdict = {
  status: 401,
  challenge: `Bearer realm="${REALM}", error="invalid_token", error_description="${MALFORMED}"`,
  reason: MALFORMED,
};

/**
 * Runs passport's bearer strategy on the Authorization header alone: the strategy would also take a token from the query or
 * the body, where tokens end up in logs. The answer is there at once unless the check takes time.
 */
export function authenticate(check: Check, authorization: string | undefined): Verdict | Promise<Verdict> {
  const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
  let verdict: Verdict | undefined;
  let rejected: Rejected | undefined;
  const settle = (settled: Verdict) => {
    verdict = settled;
    resolve(settled);
  };
  const strategy = new Strategy({ realm: REALM }, (token: string, done: Verified) => {
    const tell = (found: Credential | Rejected) => {
      if ('keyId' in found) {
        done(null, found);
        return;
      }
      rejected = found;
      done(null, undefined, { message: found.reason, scope: '' });
    };
    const found = check(token);
    if (found instanceof Promise) found.then(tell, done);
    else tell(found);
  });
  const actions: Actions = {
    success: (credential) => settle({ credential }),
    fail: (challenge) =>
      settle(typeof challenge === 'string' ? { status: 401, ...(rejected ?? NONE), challenge } : UNREADABLE),
    error: reject,
  };
  // Any number of spaces may come between scheme and token (RFC 9110 §11.4); the strategy takes one.
  const plain = authorization?.replace(/ {2,}/g, ' ');
  const request = { headers: { authorization: plain } } as unknown as Parameters<typeof strategy.authenticate>[0];
  Object.assign(strategy, actions).authenticate(request);
  return verdict ?? promise;
}
