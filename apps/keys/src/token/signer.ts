import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { STATE_PREFIX, TOKEN_LIFE_S } from '#libs/contracts';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { KeyStates } from '../states/key-states.js';
import { saveSigningKey } from './signing-key.queries.js';

const ALGORITHM = 'ES256';
const ROTATED_MS = 24 * 60 * 60 * 1000;
const SLACK_MS = 60 * 60 * 1000;

interface SigningKey {
  id: string;
  privateKey: CryptoKey;
  madeAt: number;
}

/**
 * Signs access tokens (RFC 9068). Its key lives in this process's memory only, for a day; the public half is kept, and known to all
 * gateways, until the last token that it signed has ended.
 */
@Injectable()
export class Signer {
  private key: Promise<SigningKey> | undefined;

  constructor(
    private readonly database: Database,
    private readonly states: KeyStates,
    private readonly clock: Clock,
  ) {}

  /** A signed token with these claims, which says itself when it was issued and when it ends. */
  async sign(claims: Record<string, unknown>, lifeS: number): Promise<string> {
    const { id, privateKey } = await this.current();
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: 'at+jwt', kid: id.slice(STATE_PREFIX.signingKey.length) })
      .setIssuedAt(now)
      .setExpirationTime(now + lifeS)
      .setJti(randomUUID())
      .sign(privateKey);
  }

  private async current(): Promise<SigningKey> {
    const key = await this.key;
    if (key !== undefined && this.clock.now().getTime() - key.madeAt < ROTATED_MS) return key;
    this.key = this.make().catch((error: unknown) => {
      this.key = undefined;
      throw error;
    });
    return this.key;
  }

  private async make(): Promise<SigningKey> {
    const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
    const madeAt = this.clock.now().getTime();
    const id = `${STATE_PREFIX.signingKey}${randomUUID()}`;
    const until = new Date(madeAt + ROTATED_MS + TOKEN_LIFE_S.max * 1000 + SLACK_MS);
    await saveSigningKey(this.database, { id, jwk: { ...(await exportJWK(publicKey)), alg: ALGORITHM }, until });
    await this.states.publish([id]);
    await this.states.forgetSigningKeys(this.clock.now());
    return { id, privateKey, madeAt };
  }
}
