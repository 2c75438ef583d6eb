import { readTokenRequest } from './token-request.js';

const form = (fields: Record<string, string> | string) => new URLSearchParams(fields);
const base = { grant_type: 'client_credentials' };
const header = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a token request', () => {
  it('says who the client is in the header, in the body, or with an assertion', () => {
    const secret = { kind: 'secret', clientId: 'rc_a', secret: 's:x y' };
    expect(readTokenRequest(form(base), header('rc_a:s%3Ax+y')).proof).toEqual(secret);
    expect(readTokenRequest(form({ ...base, client_id: 'rc_a', client_secret: 's:x y' }), undefined).proof).toEqual(
      secret,
    );
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const asserted = form({ ...base, client_assertion: 'a.b.c', client_assertion_type });
    expect(readTokenRequest(asserted, undefined).proof).toEqual({
      kind: 'assertion',
      clientId: undefined,
      assertion: 'a.b.c',
    });
  });

  it('takes a secret in the header that was not written as in a form', () => {
    expect(readTokenRequest(form(base), header('rc_a:100%')).proof).toMatchObject({ secret: '100%' });
  });

  it('asks for scopes, or for all there are', () => {
    const scopes = (scope: string) => readTokenRequest(form({ ...base, scope }), header('a:b')).scopes;
    expect([scopes('scim:read  scim:write'), scopes(''), scopes(' ')]).toEqual([
      ['scim:read', 'scim:write'],
      null,
      null,
    ]);
  });

  it.each([
    [
      'twice the same',
      form('grant_type=client_credentials&grant_type=client_credentials'),
      header('a:b'),
      'invalid_request',
    ],
    ['no form', { grant_type: 'client_credentials' }, header('a:b'), 'invalid_request'],
    ['another client in the body', form({ ...base, client_id: 'c' }), header('a:b'), 'invalid_request'],
    [
      'a secret and an assertion',
      form({ ...base, client_secret: 'c', client_assertion: 'd' }),
      undefined,
      'invalid_request',
    ],
    ['a header of another kind', form(base), 'Bearer x', 'invalid_client'],
    ['a header without a colon', form(base), header('ab'), 'invalid_client'],
    ['a secret without a client', form({ ...base, client_secret: 'c' }), undefined, 'invalid_client'],
    ['another grant', form({ grant_type: 'authorization_code' }), header('a:b'), 'unsupported_grant_type'],
  ])('with %s is refused', (_, body, authorization, code) => {
    let thrown: unknown;
    try {
      readTokenRequest(body, authorization);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'OAuthError', code });
  });
});
