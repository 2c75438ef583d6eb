import { createHash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { ClientState } from '#libs/contracts';
import { OAuthError } from './oauth-error.js';

/** What assertions may be signed with: keys that are published, never a shared secret. */
export const ASSERTION_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];
const CLOCK_SKEW_S = 60;
const LIFE_S_MAX = 24 * 60 * 60;

/** Who an assertion says it is from and about, before anything of it is believed. */
export function claimsOf(assertion: string): { issuer: string; subject: string } {
  let claims: JWTPayload;
  try {
    claims = decodeJwt(assertion);
  } catch {
    throw refused('The assertion is no JWT.');
  }
  if (typeof claims.iss !== 'string' || typeof claims.sub !== 'string')
    throw refused('The assertion names no issuer or no subject.');
  return { issuer: claims.iss, subject: claims.sub };
}

/** The issuer has signed with a key that is not in the set, as far as it is known here. */
export class UnknownKey extends Error {}

/**
 * Checks an assertion for a client (RFC 7523 §3): signature, issuer, subject, audience and times, with a minute for clocks
 * that differ. Gives what it is known by, so that it can be used once. Throws OAuthError invalid_client, or UnknownKey.
 */
export async function checkAssertion(
  assertion: string,
  { id, federation }: ClientState,
  keys: JWTVerifyGetKey,
  now: Date,
): Promise<{ sha256: string; expiresAt: string }> {
  if (federation === null) throw refused('This client shows a secret, not an assertion.');
  const { issuer, subject, audience } = federation;
  const expected = { issuer, subject, audience, algorithms: ASSERTION_ALGORITHMS, requiredClaims: ['exp'] };
  const { payload } = await jwtVerify(assertion, keys, {
    ...expected,
    clockTolerance: CLOCK_SKEW_S,
    currentDate: now,
  }).catch((error: unknown) => {
    throw inWords(error);
  });
  const endsS = (payload.exp ?? 0) + CLOCK_SKEW_S;
  if (endsS - now.getTime() / 1000 > LIFE_S_MAX + 2 * CLOCK_SKEW_S)
    throw refused('The assertion lives for more than a day.');
  // Without a jti an assertion is told from others by all of it.
  const name = payload.jti === undefined ? assertion : JSON.stringify([issuer, payload.jti]);
  const sha256 = createHash('sha256').update(`${id}\n${name}`).digest('hex');
  return { sha256, expiresAt: new Date(endsS * 1000).toISOString() };
}

function inWords(error: unknown): Error {
  if (error instanceof errors.JWKSNoMatchingKey) return new UnknownKey();
  if (error instanceof errors.JWTExpired) return refused('The assertion has expired.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim } = error;
    if (claim === 'aud') return refused('The assertion is meant for another audience than the one that is registered.');
    if (claim === 'nbf' || claim === 'iat') return refused('The assertion does not hold yet.');
    return refused(`The assertion does not say what is registered for this client: ${claim}.`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('The signature of the assertion is wrong.');
  if (error instanceof errors.JWKSMultipleMatchingKeys) return refused('The assertion must name its key (kid).');
  if (error instanceof errors.JOSEError) return refused(`The assertion cannot be taken: ${error.message}`);
  return error instanceof Error ? error : new Error(String(error));
}

const refused = (text: string) => new OAuthError('invalid_client', text);
