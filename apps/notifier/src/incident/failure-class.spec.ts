import { classOf } from './failure-class.js';

const asked = { method: 'POST', path: '/v2/Users', status: 409, scimType: 'uniqueness', detail: null };

describe('the class of a failure', () => {
  it.each([
    [{ status: 409, scimType: 'uniqueness' }, 'duplicate'],
    [{ status: 409, scimType: null }, 'contradiction'],
    [{ status: 400, scimType: 'invalidValue' }, 'invalid-value'],
    [{ status: 400, scimType: 'invalidSyntax' }, 'invalid-syntax'],
    [{ status: 400, scimType: 'invalidFilter' }, 'invalid-filter'],
    [{ status: 400, scimType: 'invalidPath' }, 'invalid-path'],
    [{ status: 400, scimType: 'noTarget' }, 'no-target'],
    [{ status: 400, scimType: 'mutability' }, 'read-only'],
    [{ status: 400, scimType: 'tooMany' }, 'too-much-at-once'],
    [{ status: 400, scimType: 'constructor' }, 'refused'],
    [{ status: 401, detail: 'This key has expired.' }, 'key-expired'],
    [{ status: 401, detail: 'This key has been revoked.' }, 'key-revoked'],
    [{ status: 401, detail: 'No such key.' }, 'key-unknown'],
    [{ status: 401, detail: 'Send the key as "Authorization: Bearer …".' }, 'key-missing'],
    [{ status: 403, scimType: null }, 'scope-missing'],
    [{ method: 'PATCH', status: 404, scimType: null }, 'not-there'],
    [{ status: 412, scimType: null }, 'changed-meanwhile'],
    [{ status: 413, scimType: null }, 'too-large'],
    [{ status: 415, scimType: null }, 'wrong-media-type'],
    [{ status: 405, scimType: null }, 'not-supported'],
    [{ status: 429, scimType: null }, 'too-often'],
    [{ status: 500, scimType: null }, 'our-fault'],
    [{ status: 503, scimType: 'invalidValue' }, 'unavailable'],
    [{ status: 418, scimType: null }, 'refused'],
  ])('of %j is %s', (some, wanted) => {
    expect(classOf({ ...asked, ...some })).toBe(wanted);
  });

  it.each([
    ['There is no such client.', 'client-unknown'],
    ['This client has been revoked.', 'client-revoked'],
    ['This secret has expired.', 'client-secret-ended'],
    ['This secret has been revoked or has expired.', 'client-secret-ended'],
    ['No such secret.', 'client-secret-wrong'],
    ['The assertion has expired.', 'assertion-outdated'],
    ['The assertion does not hold yet.', 'assertion-outdated'],
    ['The assertion is meant for another audience than the one that is registered.', 'assertion-mismatch'],
    ['The assertion does not say what is registered for this client: sub.', 'assertion-mismatch'],
    ['This assertion has been used before; make a new one for each request.', 'assertion-repeated'],
    ['The signature of the assertion is wrong.', 'assertion-refused'],
    ['The assertion is signed with a key that its issuer does not publish.', 'assertion-refused'],
    ['This client may not have: events:read', 'token-request'],
    ['', 'token-request'],
  ])('of a token that is refused with %j is %s', (detail, wanted) => {
    const path = '/oauth2/token';
    expect(classOf({ ...asked, path, status: 401, scimType: 'invalid_client', detail })).toBe(wanted);
  });

  it('of a token that cannot be given just now is ours', () => {
    const path = '/oauth2/token';
    expect(classOf({ ...asked, path, status: 503, scimType: 'temporarily_unavailable' })).toBe('unavailable');
    expect(classOf({ ...asked, path, status: 429, scimType: 'temporarily_unavailable' })).toBe('too-often');
  });

  it.each([200, 201, 204, 304])('is none for what was answered %s', (status) => {
    expect(classOf({ ...asked, status })).toBeNull();
  });

  it('is none when a source looks whether somebody is there, or deletes what is gone already', () => {
    expect(classOf({ ...asked, method: 'GET', status: 404 })).toBeNull();
    expect(classOf({ ...asked, method: 'DELETE', status: 404 })).toBeNull();
  });
});
