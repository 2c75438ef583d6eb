import { Injectable } from '@nestjs/common';
import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';
import {
  type ClientState,
  clientState,
  type KeySetState,
  keySetState,
  type SigningKeyState,
  signingKeyState,
  STATE_PREFIX,
} from '#libs/contracts';

type State = ClientState | KeySetState | SigningKeyState;

interface KeySet {
  state: KeySetState;
  keys: JWTVerifyGetKey;
}

/** OAuth clients, the keys of issuers that speak for them, and the keys that tokens are signed with, from `keys.state`. */
@Injectable()
export class KnownClients {
  private readonly clients = new Map<string, ClientState>();
  private readonly keySets = new Map<string, KeySet>();
  private readonly signingKeys = new Map<string, SigningKeyState>();

  client(id: string): ClientState | undefined {
    return this.clients.get(id);
  }

  /** The client in force that an issuer speaks of by this subject. */
  bySubject(issuer: string, subject: string): ClientState | undefined {
    for (const client of this.clients.values()) {
      const { federation, status } = client;
      if (status === 'live' && federation?.issuer === issuer && federation.subject === subject) return client;
    }
    return undefined;
  }

  keySet(id: string): JWTVerifyGetKey | undefined {
    return this.keySets.get(id)?.keys;
  }

  /** The public key of this `kid`. */
  signingKey(kid: string): JWK | undefined {
    return this.signingKeys.get(STATE_PREFIX.signingKey + kid)?.jwk;
  }

  /** Is an entry of `keys.state` with this key one of these, and not a key's? */
  static isOne(id: string): boolean {
    return Object.values(STATE_PREFIX).some((prefix) => id.startsWith(prefix));
  }

  /** Takes note of an entry; throws when it cannot be read. */
  apply(id: string, value: string | null): void {
    const [kind] = Object.entries(STATE_PREFIX).find(([, prefix]) => id.startsWith(prefix)) ?? [];
    if (value === null) {
      for (const map of [this.clients, this.keySets, this.signingKeys]) map.delete(id);
    } else if (kind === 'client') this.keep(this.clients, clientState.parse(JSON.parse(value)));
    else if (kind === 'signingKey') this.keep(this.signingKeys, signingKeyState.parse(JSON.parse(value)));
    else if (kind === 'keySet') {
      const state = keySetState.parse(JSON.parse(value));
      if ((this.keySets.get(id)?.state.version ?? 0) > state.version) return;
      this.keySets.set(id, { state, keys: createLocalJWKSet({ keys: state.keys }) });
    }
  }

  /** A repeat of an older state must not bring a revoked client back. */
  private keep<S extends State>(map: Map<string, S>, state: S): void {
    if ((map.get(state.id)?.version ?? 0) <= state.version) map.set(state.id, state);
  }
}
