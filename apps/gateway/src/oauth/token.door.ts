import { hash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { compactDecrypt, type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import { type ClientState, type KeyCommand, readToken } from '#libs/contracts';
import { Clock } from '#libs/service';
import { DirectoryClient } from '../directory.client.js';
import { GatewaySettings } from '../gateway.config.js';
import { Unavailable } from '../unavailable.js';
import { checkAssertion, claimsOf, UnknownKey } from './assertion.js';
import { KnownClients } from './known-clients.js';
import { OAuthError } from './oauth-error.js';
import type { TokenRequest } from './token-request.js';

export type Proof = Extract<KeyCommand, { do: 'issue-token' }>['proof'];
const RETRY_AFTER_S = 5;
const RENEWED_MS = 2_000;

/** An access token as it is answered (RFC 6749 §5.1). */
export interface IssuedToken {
  access_token: string;
  token_type: 'Bearer';
  expires_in: number;
  scope: string;
}

/** Gets access tokens from the key service for clients that prove here who they are: what they prove it with goes no further. */
@Injectable()
export class TokenDoor {
  private readonly renewed = new Map<string, number>();
  private sealing: Promise<{ sealTo: Record<string, unknown>; privateKey: CryptoKey }> | undefined;

  constructor(
    private readonly clients: KnownClients,
    private readonly services: DirectoryClient,
    private readonly settings: GatewaySettings,
    private readonly clock: Clock,
  ) {}

  /** The client that the request is of, as far as it says so. Throws OAuthError invalid_client when there is none. */
  clientOf({ proof }: TokenRequest): ClientState {
    const found = proof.clientId === undefined ? this.ofAssertion(proof) : this.clients.client(proof.clientId);
    if (found === undefined) throw new OAuthError('invalid_client', 'There is no such client.');
    return found;
  }

  /** What the client proves who it is with, checked. Throws OAuthError invalid_client. */
  prove({ proof }: TokenRequest, client: ClientState, correlationId: string): Proof | Promise<Proof> {
    if (client.status === 'revoked') throw new OAuthError('invalid_client', 'This client has been revoked.');
    if (proof.kind === 'secret') return this.secret(proof.secret, client);
    return this.assertion(proof.assertion, client, correlationId);
  }

  /** A token for a client that has proved who it is. */
  async issue(
    { scopes }: TokenRequest,
    client: ClientState,
    proof: Proof,
    correlationId: string,
  ): Promise<IssuedToken> {
    this.sealing ??= sealing();
    const { sealTo, privateKey } = await this.sealing;
    const { publicUrl: issuer, baseUrl: audience } = this.settings;
    const asked = {
      do: 'issue-token',
      id: client.id,
      scopes,
      issuer,
      audience,
      proof,
      sealTo,
    } as const;
    const reply = await this.services.keys(client.directory, correlationId, asked);
    if (reply.outcome === 'no-token') throw new OAuthError(reply.error, reply.text);
    if (reply.outcome !== 'token') throw new Error(`a token was asked for, ${reply.outcome} came`);
    const { plaintext } = await compactDecrypt(reply.sealedToken, privateKey);
    const access_token = new TextDecoder().decode(plaintext);
    return { access_token, token_type: 'Bearer', expires_in: reply.expiresInS, scope: reply.scopes.join(' ') };
  }

  private ofAssertion(proof: TokenRequest['proof']): ClientState | undefined {
    if (proof.kind === 'secret') return undefined;
    const { issuer, subject } = claimsOf(proof.assertion);
    return this.clients.bySubject(issuer, subject);
  }

  /** Checked here, so that neither a wrong secret nor a right one goes any further. */
  private secret(secret: string, { secrets }: ClientState): Proof {
    const read = readToken(secret);
    const known = read?.kind === 'rs' ? secrets.find(({ id }) => id === read.id) : undefined;
    const sha256 = hash('sha256', secret, 'hex');
    if (known === undefined || !timingSafeEqual(Buffer.from(known.sha256, 'hex'), Buffer.from(sha256, 'hex'))) {
      throw new OAuthError('invalid_client', 'No such secret.');
    }
    if (known.isRevoked) throw new OAuthError('invalid_client', 'This secret has been revoked.');
    if (known.expiresAt !== null && Date.parse(known.expiresAt) <= this.clock.now().getTime()) {
      throw new OAuthError('invalid_client', 'This secret has expired.');
    }
    return { kind: 'secret', secretId: known.id, sha256 };
  }

  /** A key that is not known yet is looked for: issuers change theirs, and tell nobody. */
  private async assertion(assertion: string, client: ClientState, correlationId: string): Promise<Proof> {
    try {
      return await this.checked(assertion, client);
    } catch (error) {
      if (!(error instanceof UnknownKey)) throw error;
    }
    await this.renew(client, correlationId);
    try {
      return await this.checked(assertion, client);
    } catch (error) {
      if (!(error instanceof UnknownKey)) throw error;
      throw new OAuthError('invalid_client', 'The assertion is signed with a key that its issuer does not publish.');
    }
  }

  /** Anybody can name an unknown key; the key service must not be asked each time. */
  private async renew({ directory, federation }: ClientState, correlationId: string): Promise<void> {
    const id = federation?.keySet ?? '';
    const now = this.clock.now().getTime();
    if (now - (this.renewed.get(id) ?? 0) < RENEWED_MS) return;
    this.renewed.set(id, now);
    await this.services.keys(directory, correlationId, { do: 'renew-key-set', id });
  }

  private async checked(assertion: string, client: ClientState): Promise<Proof> {
    if (client.federation === null)
      throw new OAuthError('invalid_client', 'This client shows a secret, not an assertion.');
    const keys = this.clients.keySet(client.federation.keySet);
    if (keys === undefined) throw new Unavailable('The issuer’s keys are not known here yet.', RETRY_AFTER_S);
    return { kind: 'assertion', ...(await checkAssertion(assertion, client, keys, this.clock.now())) };
  }
}

/** A key pair that lives as long as this process: what is sealed to it can be opened nowhere else. */
async function sealing() {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256' });
  return { sealTo: { ...(await exportJWK(publicKey)) }, privateKey };
}
