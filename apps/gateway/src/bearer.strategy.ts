import { Strategy } from 'passport-http-bearer';
import { type Caller, type KnownKeys } from './known-keys.js';

/** What RFC 6750 has a resource server answer: who is calling, or a challenge for `WWW-Authenticate`. */
export type Verdict = { caller: Caller } | { challenge: string; reason: string };

export const REALM = 'Roster';

/**
 * Runs passport's bearer strategy on the Authorization header alone: the strategy would also take a token from the query or
 * the body, where tokens end up in logs.
 */
export function authenticate(keys: KnownKeys, authorization: string | undefined): Verdict {
  let verdict: Verdict = { challenge: `Bearer realm="${REALM}"`, reason: 'Send the key as "Authorization: Bearer …".' };
  let reason: string | undefined;
  const strategy = new Strategy<(token: string, done: (error: unknown, caller?: Caller | false, info?: string) => void) => void>(
    { realm: REALM },
    (token, done) => {
      const found = keys.check(token);
      if ('keyId' in found) return done(null, found);
      reason = found.reason;
      done(null, false, found.reason);
    },
  );
  strategy.success = (caller: Caller) => {
    verdict = { caller };
  };
  strategy.fail = (challenge: unknown) => {
    if (typeof challenge === 'string') verdict = { challenge, reason: reason ?? verdictReason(verdict) };
    else verdict = { challenge: `Bearer realm="${REALM}", error="invalid_request"`, reason: 'The Authorization header is malformed.' };
  };
  strategy.error = (error: unknown) => {
    throw error;
  };
  strategy.authenticate({ headers: { authorization } } as Parameters<typeof strategy.authenticate>[0]);
  return verdict;
}

const verdictReason = (verdict: Verdict) => ('reason' in verdict ? verdict.reason : '');
