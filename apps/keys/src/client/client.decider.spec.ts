import { given } from '#libs/testing';
import { type ClientAction, clientDecider, type ClientEvent } from './client.decider.js';

const directory = '0197a000-0000-7000-8000-000000000001';
const another = '0197a000-0000-7000-8000-000000000002';
const by = { kind: 'operator', id: 'admin' } as const;
const at = '2026-03-01T00:00:00.000Z';
const now = { directory, by, at };
const secret = { id: 's3cret0001', sha256: 'a'.repeat(64), expiresInDays: 30 };
const federation = { issuer: 'https://issuer.example', subject: 'workload', audience: 'api://roster' };
const asked = { do: 'register', id: 'rc_client0001', name: 'Entra', scopes: ['scim:read'], ...now } as const;
const registered = {
  type: 'ClientRegistered',
  data: { directory, name: 'Entra', scopes: ['scim:read'], tokenLifeS: 3600, registeredAt: at, registeredBy: by },
} satisfies ClientEvent;
const added = (id = secret.id): ClientEvent => ({
  type: 'ClientSecretAdded',
  data: { id, sha256: secret.sha256, expiresAt: '2026-03-31T00:00:00.000Z', addedAt: at, addedBy: by },
});
const revoked: ClientEvent = { type: 'ClientRevoked', data: { revokedAt: at, revokedBy: by } };
const addSecret = (id: string): ClientAction => ({ do: 'add-secret', secret: { ...secret, id }, ...now });

describe('a client', () => {
  it('is registered once, with a secret or with an issuer that speaks for it, never with both or neither', () => {
    given(clientDecider)
      .when({ ...asked, secret })
      .then(registered, added());
    given(clientDecider, registered, added())
      .when({ ...asked, secret })
      .nothingHappens();
    given(clientDecider)
      .when({ ...asked, federation })
      .then({ ...registered, data: { ...registered.data, federation } });
    given(clientDecider).when(asked).refuses('invalid');
    given(clientDecider)
      .when({ ...asked, secret, federation })
      .refuses('invalid');
  });

  it.each(['client0001', 'rc_short', 'rc_UPPERCASE1', "rc_a';drop--"])('cannot have the id %j', (id) => {
    given(clientDecider)
      .when({ ...asked, secret, id })
      .refuses('invalid');
  });

  it('has up to five live secrets, and room again when one is revoked or has expired', () => {
    const five = [1, 2, 3, 4, 5].map((place) => added(`s3cret000${place}`));
    given(clientDecider, registered, ...five)
      .when(addSecret('s3cret0006'))
      .refuses('conflict');
    const gone: ClientEvent = { type: 'ClientSecretRevoked', data: { id: 's3cret0001', revokedAt: at, revokedBy: by } };
    given(clientDecider, registered, ...five, gone)
      .when(addSecret('s3cret0006'))
      .then(added('s3cret0006'));
    expect(
      clientDecider.decide(
        { ...addSecret('s3cret0006'), at: '2026-04-01T00:00:00.000Z' },
        [registered, ...five].reduce<ReturnType<typeof clientDecider.evolve>>(
          (client, event) => clientDecider.evolve(client, event),
          clientDecider.initial,
        ),
      ),
    ).toHaveLength(1);
  });

  it.each([0, 1_096, 1.5])('has no secret that lives %s days', (expiresInDays) => {
    given(clientDecider, registered)
      .when({ do: 'add-secret', secret: { ...secret, expiresInDays }, ...now })
      .refuses('invalid');
  });

  it('loses a secret once', () => {
    const revoke: ClientAction = { do: 'revoke-secret', secretId: secret.id, ...now };
    const lost: ClientEvent = { type: 'ClientSecretRevoked', data: { id: secret.id, revokedAt: at, revokedBy: by } };
    given(clientDecider, registered, added()).when(revoke).then(lost);
    given(clientDecider, registered, added(), lost).when(revoke).nothingHappens();
    given(clientDecider, registered).when(revoke).refuses('not-found');
  });

  it('is revoked once, and gets no secret any more', () => {
    given(clientDecider, registered)
      .when({ do: 'revoke', ...now })
      .then(revoked);
    given(clientDecider, registered, revoked)
      .when({ do: 'revoke', ...now })
      .nothingHappens();
    given(clientDecider, registered, revoked).when(addSecret('s3cret0002')).refuses('conflict');
  });

  it('is not there for another directory', () => {
    given(clientDecider, registered)
      .when({ do: 'revoke', ...now, directory: another })
      .refuses('not-found');
    given(clientDecider, registered)
      .when({ ...asked, secret, directory: another })
      .refuses('already-exists');
  });
});
