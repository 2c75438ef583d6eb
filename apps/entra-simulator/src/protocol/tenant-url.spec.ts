import { requestUrl, tenantUrl } from './tenant-url.js';

describe('the Tenant URL', () => {
  it('may end in a slash', () => {
    expect(requestUrl(tenantUrl('https://example.com/scim/'), '/Users', []).href).toBe(
      'https://example.com/scim/Users',
    );
  });

  it('keeps the flag to itself and other parameters on every request', () => {
    const tenant = tenantUrl('https://example.com/scim?aadOptscim062020&region=eu');
    expect(tenant.hasFeatureFlag).toBe(true);
    expect(requestUrl(tenant, '/Users', [['filter', 'a eq "b"']]).search).toBe('?region=eu&filter=a+eq+%22b%22');
  });

  it('is an http or https address', () => {
    expect(() => tenantUrl('ftp://example.com')).toThrow();
    expect(() => tenantUrl('example')).toThrow();
  });
});

describe('a query', () => {
  it('is encoded like a form: plus for a space, and a plus stays a plus', () => {
    const url = requestUrl(tenantUrl('http://localhost:1'), '/Users', [['filter', 'userName eq "a+b c@example.com"']]);
    expect(url.search).toBe('?filter=userName+eq+%22a%2Bb+c%40example.com%22');
  });
});
