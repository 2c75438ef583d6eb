import type { KeyScope } from '#libs/contracts';
import { ScimError } from '#libs/scim';
import type { KeyProblem } from './known-keys.js';

export const REALM = 'Roster';

const TEXTS: Record<KeyProblem, string> = {
  malformed: 'The key is malformed: it was cut, mistyped, or is of another service.',
  unknown: 'The key is not known.',
  revoked: 'The key was revoked.',
  expired: 'The key has expired.',
};

/** A request that its key does not open: with the challenge of RFC 6750 §3 beside the SCIM error. */
export class KeyRefusal extends ScimError {
  constructor(
    status: 401 | 403,
    detail: string,
    readonly challenge: string,
  ) {
    super(status, undefined, detail);
    this.name = 'KeyRefusal';
  }
}

/** No credentials at all: the challenge says only what to send (RFC 6750 §3.1). */
export function keyMissing(): KeyRefusal {
  const detail = 'Send a directory key: Authorization: Bearer <key>.';
  return new KeyRefusal(401, detail, `Bearer realm="${REALM}"`);
}

export function textOf(problem: KeyProblem): string {
  return TEXTS[problem];
}

export function keyInvalid(problem: KeyProblem, challenge = challengeOf(problem)): KeyRefusal {
  return new KeyRefusal(401, TEXTS[problem], challenge);
}

export function scopeMissing(scope: KeyScope): KeyRefusal {
  const detail = `The key lacks the scope ${scope}.`;
  const challenge = `Bearer realm="${REALM}", error="insufficient_scope", error_description="${detail}", scope="${scope}"`;
  return new KeyRefusal(403, detail, challenge);
}

function challengeOf(problem: KeyProblem): string {
  return `Bearer realm="${REALM}", error="invalid_token", error_description="${TEXTS[problem]}"`;
}
