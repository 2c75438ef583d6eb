import type { KeyCommand, KeyScope } from '#libs/contracts';
import type { ClientRow } from '../client/client.projection.js';
import { isLive } from '../client/client.rules.js';

export type TokenAsked = Extract<KeyCommand, { do: 'issue-token' }>;

/** What a token is given for: the scopes, for how long, and the secret that it hangs on. */
export interface Grant {
  directory: string | null;
  scopes: KeyScope[];
  lifeS: number;
  secretId: string | null;
}

/** Why there is no token: RFC 6749 §5.2's word, and a text for people. */
export class NoToken extends Error {
  constructor(
    readonly error: 'invalid_client' | 'invalid_scope',
    message: string,
  ) {
    super(message);
    this.name = 'NoToken';
  }
}

/** What this client may be given now; throws NoToken. `isSame` compares two hashes in constant time. */
export function grantFor(
  client: ClientRow | undefined,
  { scopes, proof }: TokenAsked,
  at: string,
  isSame: (one: string, other: string) => boolean,
): Grant {
  if (client === undefined) throw new NoToken('invalid_client', 'There is no such client.');
  if (client.revokedAt !== null) throw new NoToken('invalid_client', 'This client has been revoked.');
  const { directory, tokenLifeS: lifeS } = client;
  if (proof.kind === 'assertion' && client.federation === null) {
    throw new NoToken('invalid_client', 'This client shows a secret, not an assertion.');
  }
  if (proof.kind === 'secret') {
    const secret = client.secrets.find(({ id }) => id === proof.secretId);
    if (secret === undefined || !isSame(secret.sha256, proof.sha256))
      throw new NoToken('invalid_client', 'No such secret.');
    if (!isLive(secret, at)) throw new NoToken('invalid_client', 'This secret has been revoked or has expired.');
  }
  const wanted = scopes ?? client.scopes;
  const given = client.scopes.filter((scope) => wanted.includes(scope));
  const beyond = wanted.filter((scope) => !given.some((one) => one === scope));
  if (beyond.length > 0)
    throw new NoToken('invalid_scope', `This client may not have: ${beyond.join(' ').slice(0, 200)}`);
  return { directory, scopes: given, lifeS, secretId: proof.kind === 'secret' ? proof.secretId : null };
}
