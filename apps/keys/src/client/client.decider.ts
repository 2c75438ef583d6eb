import { type Actor, type Federation, type KeyScope, STATE_PREFIX, TOKEN_LIFE_S } from '#libs/contracts';
import { type Decider, Refusal } from '#libs/event-sourcing';
import type { Circumstances } from '../key/key.decider.js';
import { nameOf } from '../key/key.rules.js';
import { mustHaveRoom, secretEnd, type NewSecret } from './client.rules.js';

export type ClientAction =
  | ({
      do: 'register';
      id: string;
      name: string;
      scopes: readonly KeyScope[];
      tokenLifeS?: number;
      secret?: NewSecret;
      federation?: Federation;
    } & Circumstances)
  | ({ do: 'add-secret'; secret: NewSecret } & Circumstances)
  | ({ do: 'revoke-secret'; secretId: string } & Circumstances)
  | ({ do: 'revoke' } & Circumstances);

interface AddedSecret {
  id: string;
  sha256: string;
  expiresAt: string | null;
}

// These names and shapes sit in the event store for ever.
// Add an event or an optional field; never rename, retype or remove one.
export type ClientEvent =
  | {
      type: 'ClientRegistered';
      data: {
        directory: string | null;
        name: string;
        scopes: KeyScope[];
        tokenLifeS: number;
        federation?: Federation;
        registeredAt: string;
        registeredBy: Actor;
      };
    }
  | { type: 'ClientSecretAdded'; data: AddedSecret & { addedAt: string; addedBy: Actor } }
  | { type: 'ClientSecretRevoked'; data: { id: string; revokedAt: string; revokedBy: Actor } }
  | { type: 'ClientRevoked'; data: { revokedAt: string; revokedBy: Actor } };

export interface ClientSecret extends AddedSecret {
  createdAt: string;
  revokedAt: string | null;
}

export interface RegisteredClient {
  status: 'registered';
  directory: string | null;
  name: string;
  scopes: KeyScope[];
  tokenLifeS: number;
  federation: Federation | null;
  secrets: ClientSecret[];
  createdAt: string;
  revokedAt: string | null;
}
export type Client = { status: 'absent' } | RegisteredClient;

const ID = new RegExp(`^${STATE_PREFIX.client}[a-z0-9]{10}$`);

export const clientDecider: Decider<Client, ClientAction, ClientEvent> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};

function decide(action: ClientAction, client: Client): ClientEvent[] {
  const { at, by } = action;
  if (action.do === 'register') return register(action, client);
  if (client.status === 'absent' || client.directory !== action.directory) {
    throw new Refusal('not-found', 'This directory has no such client.');
  }
  switch (action.do) {
    case 'add-secret':
      if (client.revokedAt !== null) throw new Refusal('conflict', 'This client has been revoked; register a new one.');
      if (client.secrets.some(({ id }) => id === action.secret.id)) return [];
      mustHaveRoom(client.secrets, at);
      return [secretAdded(action.secret, action)];
    case 'revoke-secret': {
      const secret = client.secrets.find(({ id }) => id === action.secretId);
      if (secret === undefined) throw new Refusal('not-found', 'This client has no such secret.');
      if (secret.revokedAt !== null) return [];
      return [{ type: 'ClientSecretRevoked', data: { id: secret.id, revokedAt: at, revokedBy: by } }];
    }
    case 'revoke':
      return client.revokedAt === null ? [{ type: 'ClientRevoked', data: { revokedAt: at, revokedBy: by } }] : [];
  }
}

function register(action: ClientAction & { do: 'register' }, client: Client): ClientEvent[] {
  const { id, directory, scopes, tokenLifeS = TOKEN_LIFE_S.normally, federation, secret, at, by } = action;
  if (client.status === 'registered') {
    if (client.directory === directory) return [];
    throw new Refusal('already-exists', 'This client id is taken; choose another one.');
  }
  if (!ID.test(id)) throw new Refusal('invalid', 'A client id is rc_ and ten characters, a to z and 0 to 9.');
  if ((secret === undefined) === (federation === undefined)) {
    throw new Refusal('invalid', 'A client shows either a secret or assertions of an issuer; give one of them.');
  }
  const told = { directory, name: nameOf('client', action.name), scopes: [...new Set(scopes)], tokenLifeS };
  const data = { ...told, ...(federation && { federation }), registeredAt: at, registeredBy: by };
  const registered: ClientEvent = { type: 'ClientRegistered', data };
  return secret === undefined ? [registered] : [registered, secretAdded(secret, action)];
}

function secretAdded({ id, sha256, expiresInDays }: NewSecret, { at, by }: Circumstances): ClientEvent {
  const data = { id, sha256, expiresAt: secretEnd(expiresInDays, at), addedAt: at, addedBy: by };
  return { type: 'ClientSecretAdded', data };
}

function evolve(client: Client, { type, data }: ClientEvent): Client {
  if (type === 'ClientRegistered') {
    const { directory, name, scopes, tokenLifeS, federation = null, registeredAt: createdAt } = data;
    const registered = { directory, name, scopes, tokenLifeS, federation, createdAt };
    return { status: 'registered', ...registered, secrets: [], revokedAt: null };
  }
  if (client.status === 'absent') return client;
  switch (type) {
    case 'ClientSecretAdded': {
      const { id, sha256, expiresAt, addedAt } = data;
      return {
        ...client,
        secrets: [...client.secrets, { id, sha256, expiresAt, createdAt: addedAt, revokedAt: null }],
      };
    }
    case 'ClientSecretRevoked': {
      const { id, revokedAt } = data;
      return { ...client, secrets: client.secrets.map((one) => (one.id === id ? { ...one, revokedAt } : one)) };
    }
    case 'ClientRevoked':
      return { ...client, revokedAt: data.revokedAt };
  }
}
