import { resourceTypeDocuments, schemaDocuments, serviceProviderConfigDocument } from '../index.js';

const documents = () => [
  ...schemaDocuments('https://x/v2'),
  ...resourceTypeDocuments('https://x/v2'),
  serviceProviderConfigDocument('https://x/v2'),
];

describe('the discovery documents', () => {
  it('hold no null (Q50)', () => expect(JSON.stringify(documents())).not.toContain('null'));

  it('say where they are', () => {
    for (const document of documents()) {
      expect(document.meta).toMatchObject({ location: expect.stringMatching(/^https:\/\/x\/v2\/\w+/) });
    }
  });

  it('tell the types of e-mail addresses, so that Entra can name them (Q50)', () => {
    const [user] = schemaDocuments('');
    expect(user).toMatchObject({
      id: 'urn:ietf:params:scim:schemas:core:2.0:User',
      attributes: expect.arrayContaining([
        expect.objectContaining({ name: 'userName', required: true, uniqueness: 'server', caseExact: false }),
        expect.objectContaining({ name: 'active', type: 'boolean' }),
        expect.objectContaining({
          name: 'emails',
          multiValued: true,
          subAttributes: expect.arrayContaining([
            expect.objectContaining({ name: 'type', canonicalValues: ['work', 'home', 'other'] }),
          ]),
        }),
      ]),
    });
  });

  it('name the enterprise extension of users, and none of groups', () => {
    const [user, group] = resourceTypeDocuments('');
    expect(user).toMatchObject({
      endpoint: '/Users',
      schemaExtensions: [{ schema: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', required: false }],
    });
    expect(group).not.toHaveProperty('schemaExtensions');
  });
});
