import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type ClientState, STATE_PREFIX, topics } from '#libs/contracts';
import { InProcessStateTable } from '#libs/messaging';
import { SystemClock } from '#libs/service';
import { GatewaySettings } from '../gateway.config.js';
import { KnownKeys } from '../known-keys.js';
import { AccessTokens } from './access-tokens.js';
import { KnownClients } from './known-clients.js';

// Access tokens as the gateway checks them: signed by our key service is not enough, they must be meant for this system.

const directory = '0197a000-0000-7000-8000-000000000001';
const HERE = 'https://roster.example';
const pair = await generateKeyPair('ES256', { extractable: true });
const table = new InProcessStateTable(() => Date.now());
const clients = new KnownClients();
const clock = new SystemClock();
const keys = new KnownKeys(table, clock, clients);
const tokens = new AccessTokens(keys, clients, new GatewaySettings(HERE, 100), clock);

beforeAll(async () => {
  const client: ClientState = {
    kind: 'client',
    id: 'rc_client0001',
    directory,
    scopes: ['scim:read'],
    status: 'live',
    secrets: [],
    federation: null,
    version: 1,
  };
  const id = `${STATE_PREFIX.signingKey}kid1`;
  const signingKey = { kind: 'signing-key', id, jwk: await exportJWK(pair.publicKey), version: 1 };
  await table.put(
    topics.keysState.name,
    [client, signingKey].map((state) => ({ key: state.id, value: JSON.stringify(state) })),
  );
  await keys.start();
});
afterAll(() => keys.stop());

interface Claims {
  audience?: string;
  issuer?: string;
  type?: string;
  scope?: string;
  lifeS?: number;
}

const signed = ({ audience = `${HERE}/v2`, issuer = HERE, type = 'at+jwt', scope, lifeS = 3_600 }: Claims) =>
  new SignJWT({ scope: scope ?? 'scim:read', client_id: 'rc_client0001' })
    .setProtectedHeader({ alg: 'ES256', kid: 'kid1', typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('rc_client0001')
    .setExpirationTime(new Date(Date.now() + lifeS * 1_000))
    .sign(pair.privateKey);

describe('an access token', () => {
  it('stands for its client, with no more than the client may', async () => {
    const credential = await tokens.check(await signed({ scope: 'scim:read scim:write' }));
    expect(credential).toMatchObject({ keyId: 'rc_client0001', directory, scopes: ['scim:read'] });
  });

  it.each<[string, Claims]>([
    ['for another system', { audience: 'https://other.example/v2' }],
    ['of another issuer', { issuer: 'https://other.example' }],
    ['of another type', { type: 'JWT' }],
  ])('that is %s is not taken, though it is signed with our key', async (_, claims) => {
    expect(await tokens.check(await signed(claims))).toEqual({ reason: 'This access token was not issued here.' });
  });

  it('that has expired is refused as such', async () => {
    expect(await tokens.check(await signed({ lifeS: -60 }))).toEqual({ reason: 'This access token has expired.' });
  });
});
