import { straightUrl } from './http.js';

describe('an address', () => {
  it.each([
    ['//V2//users/', '/v2/Users'],
    ['/v2/SERVICECONFIGURATION', '/v2/ServiceProviderConfig'],
    ['/v2?aadOptscim062020/Users', '/v2/Users'],
    ['/v2/?aadOptscim062020/Users/1?attributes=id', '/v2/Users/1?attributes=id'],
    ['/v2/?aadOptscim062020=//users/?count=1', '/v2/Users?count=1'],
    ['/v2/?x=1&aadOptscim062020&y=2/Groups?count=1', '/v2/Groups?x=1&y=2&count=1'],
    ['/v2?AzureAdScimPatch2017/Bulk', '/v2/Bulk'],
    ['/v2?aadOptscim062020', '/v2?aadOptscim062020'],
    ['/v2?filter=profileUrl+eq+%22a/Users%22', '/v2?filter=profileUrl+eq+%22a/Users%22'],
    ['/v2/Users?aadOptscim062020&filter=a/Users', '/v2/Users?aadOptscim062020&filter=a/Users'],
  ])('%s is %s', (written, straight) => {
    expect(straightUrl(written)).toBe(straight);
  });
});
