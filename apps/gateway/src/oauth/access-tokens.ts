import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose';
import { keyScope, type KeyScope } from '#libs/contracts';
import { Clock } from '#libs/service';
import { GatewaySettings } from '../gateway.config.js';
import { type Credential, KnownKeys, type Rejected } from '../known-keys.js';
import { KnownClients } from './known-clients.js';

const REMEMBERED_MAX = 10_000;
const ALGORITHM = 'ES256';
const CLOCK_SKEW_S = 5;

/** What a token says that was signed by the key service. */
interface Signed {
  clientId: string;
  scopes: KeyScope[];
  secretId: string | undefined;
  expiresAtMs: number;
}

/** Access tokens of OAuth clients (RFC 9068), checked here alone: the signature once, the client's state at every request. */
@Injectable()
export class AccessTokens {
  private readonly checked = new Map<string, Signed>();

  constructor(
    private readonly keys: KnownKeys,
    private readonly clients: KnownClients,
    private readonly settings: GatewaySettings,
    private readonly clock: Clock,
  ) {}

  /** Can keys and clients be vouched for? */
  isFresh(): boolean {
    return this.keys.isFresh();
  }

  /** What a token stands for, whichever of both kinds it is, or why for nothing. */
  check(token: string): Credential | Rejected | Promise<Credential | Rejected> {
    if (!token.startsWith('ey') || token.split('.').length !== 3) return this.keys.check(token);
    const known = this.checked.get(hash('sha256', token, 'base64'));
    return known === undefined ? this.verify(token) : this.standing(known);
  }

  private async verify(token: string): Promise<Credential | Rejected> {
    try {
      const signed = await this.signed(token);
      if (this.checked.size >= REMEMBERED_MAX) this.checked.clear();
      this.checked.set(hash('sha256', token, 'base64'), signed);
      return this.standing(signed);
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { reason: 'This access token has expired.' };
      if (error instanceof errors.JOSEError) return NOT_OURS;
      throw error;
    }
  }

  private async signed(token: string): Promise<Signed> {
    const { kid } = decodeProtectedHeader(token);
    if (kid === undefined) throw new errors.JWTInvalid('it names no key');
    if (this.clients.signingKey(kid) === undefined) await this.keys.newsOfSigningKey(kid);
    const jwk = this.clients.signingKey(kid);
    if (jwk === undefined) throw new errors.JWKSNoMatchingKey();
    const { publicUrl: issuer, baseUrl: audience } = this.settings;
    const { payload } = await jwtVerify(token, await importJWK(jwk, ALGORITHM), {
      algorithms: [ALGORITHM],
      typ: 'at+jwt',
      issuer,
      audience,
      requiredClaims: ['exp', 'sub', 'scope'],
      clockTolerance: CLOCK_SKEW_S,
      currentDate: this.clock.now(),
    });
    const { sub: clientId = '', scope, secret_id: secretId, exp = 0 } = payload;
    const scopes = String(scope)
      .split(' ')
      .flatMap((one) => keyScope.safeParse(one).data ?? []);
    const expiresAtMs = exp * 1000;
    return { clientId, scopes, secretId: typeof secretId === 'string' ? secretId : undefined, expiresAtMs };
  }

  /** A token lives no longer than its client, and than the secret that it was got with is not revoked. */
  private standing({ clientId, scopes, secretId, expiresAtMs }: Signed): Credential | Rejected {
    const client = this.clients.client(clientId);
    if (client === undefined) return NOT_OURS;
    const { directory, secrets, status } = client;
    const whose = { keyId: clientId, directory };
    if (expiresAtMs <= this.clock.now().getTime()) return { reason: 'This access token has expired.', whose };
    if (status === 'revoked') return { reason: 'The client of this access token has been revoked.', whose };
    const secret = secretId === undefined ? undefined : secrets.find(({ id }) => id === secretId);
    if (secret?.isRevoked === true) return { reason: 'The secret of this access token has been revoked.', whose };
    return { ...whose, scopes: scopes.filter((scope) => client.scopes.includes(scope)), requestsPerSecond: null };
  }
}

const NOT_OURS: Rejected = { reason: 'This access token was not issued here.' };
