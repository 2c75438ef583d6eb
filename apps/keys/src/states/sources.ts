import { STATE_PREFIX } from '#libs/contracts';
import type { Statements } from '#libs/postgres';
import { clientStateOf } from '../client/client.projection.js';
import { clientVersions, lockClients } from '../client/client.queries.js';
import { stateOf } from '../key/key.projection.js';
import { keyVersions, lockKeys } from '../key/key.queries.js';
import { keySetVersions, lockKeySets } from '../key-set/key-set.queries.js';
import { lockSigningKeys, signingKeyVersions } from '../token/signing-key.queries.js';

/** One kind of thing that gateways know: which there are, and what is told of them. */
export interface Source {
  /** How the keys of its entries begin; undefined: as those of no other. */
  prefix?: string;
  versions(statements: Statements): Promise<{ id: string; version: number }[]>;
  /** These as they stand, locked against change until the transaction ends. */
  lock(statements: Statements, ids: readonly string[]): Promise<{ id: string; version: number }[]>;
}

const keys: Source = {
  versions: keyVersions,
  lock: async (statements, ids) => (await lockKeys(statements, ids)).map(stateOf),
};
const clients: Source = {
  prefix: STATE_PREFIX.client,
  versions: clientVersions,
  lock: async (statements, ids) => (await lockClients(statements, ids)).map(clientStateOf),
};
const keySets: Source = { prefix: STATE_PREFIX.keySet, versions: keySetVersions, lock: lockKeySets };
const signingKeys: Source = { prefix: STATE_PREFIX.signingKey, versions: signingKeyVersions, lock: lockSigningKeys };

export const sources: readonly Source[] = [clients, keySets, signingKeys, keys];

/** The source that an entry's key belongs to. */
export const sourceOf = (id: string): Source =>
  sources.find(({ prefix }) => prefix !== undefined && id.startsWith(prefix)) ?? keys;
