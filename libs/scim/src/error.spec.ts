import { errorBody, ScimError } from './error.js';

describe('an error body', () => {
  it('has the status as text and the keyword of RFC 7644', () => {
    expect(errorBody(new ScimError(400, 'invalidPath', 'why'))).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '400',
      scimType: 'invalidPath',
      detail: 'why',
    });
  });

  it('has no scimType where there is none', () => {
    expect(errorBody({ status: 404, detail: 'gone' })).not.toHaveProperty('scimType');
  });
});
