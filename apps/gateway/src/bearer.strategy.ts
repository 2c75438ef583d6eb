import { Strategy } from 'passport-http-bearer';
import type { Caller, KnownKeys } from './known-keys.js';

/** What RFC 6750 has a resource server answer: who is calling, or a challenge for `WWW-Authenticate`. */
export type Verdict = { caller: Caller } | { challenge: string; reason: string };

export const REALM = 'Roster';

type Verified = (error: unknown, caller?: Caller, info?: { message: string; scope: string }) => void;

/** What passport adds to a strategy before it runs one request through it. */
interface Actions {
  success(caller: Caller): void;
  fail(challenge: unknown): void;
  error(error: unknown): void;
}

/**
 * Runs passport's bearer strategy on the Authorization header alone: the strategy would also take a token from the query or
 * the body, where tokens end up in logs.
 */
export function authenticate(keys: KnownKeys, authorization: string | undefined): Verdict {
  let verdict: Verdict = { challenge: `Bearer realm="${REALM}"`, reason: 'Send the key as "Authorization: Bearer …".' };
  let reason = verdict.reason;
  const strategy = new Strategy({ realm: REALM }, (token: string, done: Verified) => {
    const found = keys.check(token);
    if ('keyId' in found) {
      done(null, found);
      return;
    }
    reason = found.reason;
    done(null, undefined, { message: found.reason, scope: '' });
  });
  const actions: Actions = {
    success: (caller) => (verdict = { caller }),
    fail: (challenge) => {
      const malformed = `Bearer realm="${REALM}", error="invalid_request"`;
      verdict =
        typeof challenge === 'string'
          ? { challenge, reason }
          : { challenge: malformed, reason: 'The Authorization header is malformed.' };
    },
    error: (error) => {
      throw error;
    },
  };
  const request = { headers: { authorization } } as unknown as Parameters<typeof strategy.authenticate>[0];
  Object.assign(strategy, actions).authenticate(request);
  return verdict;
}
