import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Federation } from '#libs/contracts';
import { Database } from '#libs/postgres';
import { Clock, sentence } from '#libs/service';
import { KeyStates } from '../states/key-states.js';
import { guardedGet, Unreachable } from './guarded-get.js';
import { jwks, keySetId, metadata, signatureKeys } from './key-set.js';
import { findKeySet, keySetsReadBefore, saveKeySet } from './key-set.queries.js';

const HOUR_MS = 60 * 60 * 1000;
const LOOK_MS = 10 * 60 * 1000;
/** Unknown keys in assertions must not make us ask an issuer again and again. */
const REST_MS = 10_000;

/** Addresses (or ranges) of private networks that issuers may have. */
export class AllowedAddresses {
  constructor(readonly list: readonly string[]) {}
}

/** What issuers publish: read when a client is registered, every hour, and when a gateway meets a key that it does not know. */
@Injectable()
export class KeySets implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(KeySets.name);
  private readonly renewing = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly states: KeyStates,
    private readonly clock: Clock,
    private readonly allowed: AllowedAddresses,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.renewOld(), LOOK_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await Promise.allSettled(this.renewing.values());
  }

  /** Reads an issuer's keys for the first time. Throws Unreachable with a sentence. */
  async read(federation: Federation): Promise<void> {
    await this.fetch(keySetId(federation), federation);
  }

  /** Reads them again, unless that was done a moment ago. Throws Unreachable with a sentence. */
  async renew(id: string): Promise<void> {
    const known = await findKeySet(this.database, id);
    if (known === undefined || this.clock.now().getTime() - Date.parse(known.fetchedAt) < REST_MS) return;
    const { issuer, jwksUri } = known;
    const running =
      this.renewing.get(id) ??
      this.fetch(id, { issuer, jwksUri: jwksUri ?? undefined }).finally(() => this.renewing.delete(id));
    this.renewing.set(id, running);
    await running;
  }

  private async renewOld(): Promise<void> {
    try {
      const old = await keySetsReadBefore(this.database, new Date(this.clock.now().getTime() - HOUR_MS));
      for (const id of old) await this.renew(id).catch((error: unknown) => this.log.warn(sentence(error)));
    } catch (error) {
      this.log.error(`key sets could not be renewed: ${sentence(error)}`);
    }
  }

  private async fetch(id: string, where: Pick<Federation, 'issuer' | 'jwksUri'>): Promise<void> {
    const uri = where.jwksUri ?? (await this.uriOf(where.issuer));
    const { data } = jwks.safeParse(await guardedGet(uri, this.allowed.list));
    const keys = data === undefined ? [] : signatureKeys(data);
    if (keys.length === 0) throw new Unreachable(uri, 'it holds no key that signatures can be checked with');
    await saveKeySet(this.database, id, where, keys, this.clock.now());
    await this.states.publish([id]);
  }

  private async uriOf(issuer: string): Promise<string> {
    const place = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    if (!URL.canParse(place)) throw new Unreachable(issuer, 'it is no address; give the place of its keys as well');
    const { data } = metadata.safeParse(await guardedGet(place, this.allowed.list));
    if (data === undefined) throw new Unreachable(place, 'it does not say where the keys are');
    if (data.issuer !== issuer) throw new Unreachable(place, `it is of another issuer, ${data.issuer.slice(0, 200)}`);
    return data.jwks_uri;
  }
}
