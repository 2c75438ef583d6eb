import type { Activity, Envelope } from '#libs/contracts';
import { failureOf } from './failure.js';

const directory = '0197a000-0000-7000-8000-000000000001';

function heard(data: Partial<Activity>, of: string | null = directory): Envelope<Activity> {
  return {
    id: '0197a000-0000-7000-8000-00000000000a',
    type: 'provisioning.activity',
    schemaVersion: 1,
    time: '2026-03-01T10:00:01.000Z',
    correlationId: 'c1',
    causationId: null,
    actor: { kind: 'key', id: 'k3y0000001' },
    directory: of,
    data: {
      keyId: 'k3y0000001',
      method: 'POST',
      path: '/Users',
      resourceType: 'User',
      target: 'ada@example.com',
      status: 409,
      scimType: 'uniqueness',
      detail: 'userName is taken',
      durationMs: 3,
      request: '{"userName":"ada@example.com"}',
      ...data,
    },
  };
}

describe('a request that people should hear of', () => {
  it.each([400, 401, 403, 409, 412, 413, 429, 500, 503])('is one that was answered %s', (status) => {
    expect(failureOf(heard({ status }))).toMatchObject({
      directory,
      status,
      method: 'POST',
      target: 'ada@example.com',
    });
  });

  it('is a change to what is not there', () => {
    expect(failureOf(heard({ method: 'PATCH', status: 404 }))).not.toBeNull();
    expect(failureOf(heard({ method: 'PUT', status: 404 }))).not.toBeNull();
  });

  it.each([200, 201, 204, 304])('is none that was answered %s', (status) => {
    expect(failureOf(heard({ status }))).toBeNull();
  });

  it('is none by which a source looks whether something is there, or removes what is gone already', () => {
    expect(failureOf(heard({ method: 'GET', status: 404 }))).toBeNull();
    expect(failureOf(heard({ method: 'DELETE', status: 404 }))).toBeNull();
  });

  it("is none that is nobody's", () => {
    expect(failureOf(heard({ status: 401 }, null))).toBeNull();
    expect(failureOf(heard({ status: 500 }, null))).toBeNull();
  });
});

describe('what is kept of it', () => {
  it('is never the body', () => {
    expect(JSON.stringify(failureOf(heard({ request: '{"nickName":"countess"}' })))).not.toContain('countess');
  });

  it('holds no secret, even where a path or a detail quotes one', () => {
    const secret = 'rk_k3y0000001_0El6XFXwsUFD8J2vGxsaboW7rZYnQRBP5d9erwRwd293uTPaZ';
    const failure = failureOf(heard({ path: `/Users?token=${secret}`, detail: `Authorization: Bearer ${secret}` }));
    expect(failure).toMatchObject({ path: '/Users?token=rk_…', detail: 'Authorization: Bearer …' });
  });

  it('is one short line of whole characters', () => {
    const failure = failureOf(heard({ detail: `two\r\nlines\u0000${'😀'.repeat(400)}` }));
    expect(failure?.detail).toMatch(/^two lines 😀+/);
    expect(failure?.detail?.length).toBe(300);
    expect(failure?.detail?.isWellFormed()).toBe(true);
  });
});
