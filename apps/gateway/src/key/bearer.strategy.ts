import { Injectable } from '@nestjs/common';
import { Strategy, type VerifyFunctionWithRequest } from 'passport-http-bearer';
import { ScimError } from '#libs/scim';
import { keyInvalid, keyMissing, REALM, textOf } from './key-refusal.js';
import { KeyTable } from './key-table.js';
import type { Found, KnownKey } from './known-keys.js';

/** Who is asking; `refusal` is set when the key does not open the door. */
export interface Identity {
  key: KnownKey | null;
  refusal?: ScimError;
}

/** All of a request that the strategy gets to see: it would take secrets from the query and the body as well. */
interface HeaderOnly {
  headers: { authorization: string };
  found?: Found;
}

/** Tells from the Authorization header who is asking (RFC 6750 §2.1). */
@Injectable()
export class BearerStrategy {
  private readonly strategy: Strategy<VerifyFunctionWithRequest>;

  constructor(private readonly table: KeyTable) {
    this.strategy = new Strategy<VerifyFunctionWithRequest>(
      { realm: REALM, passReqToCallback: true },
      (request, secret, done) => {
        const found = table.find(secret);
        (request as unknown as HeaderOnly).found = found;
        if (found.problem === undefined) done(null, found.key);
        else done(null, false, { message: textOf(found.problem) });
      },
    );
  }

  /** Never throws: what is wrong is in the answer. A table that may be stale refuses nobody for good (503, not 401). */
  identify(authorization: string | undefined): Identity {
    if (authorization === undefined || !/^bearer\b/i.test(authorization)) return { key: null, refusal: keyMissing() };
    if (this.table.problems().length > 0) {
      return {
        key: null,
        refusal: new ScimError(503, undefined, 'Keys cannot be checked at the moment. Try again later.'),
      };
    }
    const request: HeaderOnly = { headers: { authorization } };
    const refusal = this.run(request);
    return refusal === undefined ? { key: request.found?.key ?? null } : { key: request.found?.key ?? null, refusal };
  }

  /** Plays passport's part, which is to hang the strategy's ways out on it; this strategy takes one before it returns. */
  private run(request: HeaderOnly): ScimError | undefined {
    let refusal: ScimError | undefined = keyInvalid('malformed');
    const attempt: Strategy<VerifyFunctionWithRequest> = Object.assign(
      Object.create(this.strategy) as Strategy<VerifyFunctionWithRequest>,
      {
        success: () => (refusal = undefined),
        // A number is the strategy's 400 for a header that has not two parts; Entra must see a 401 for it.
        fail: (challenge: string | number) => {
          const problem = request.found?.problem ?? 'malformed';
          refusal = typeof challenge === 'string' ? keyInvalid(problem, challenge) : keyInvalid(problem);
        },
        error: (error: Error) => {
          throw error;
        },
      },
    );
    attempt.authenticate(request as unknown as Parameters<typeof attempt.authenticate>[0]);
    return refusal;
  }
}
