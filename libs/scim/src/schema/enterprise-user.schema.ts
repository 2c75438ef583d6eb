import type { Schema } from './attribute.js';

export const ENTERPRISE_USER_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** RFC 7643 §4.3. */
export const enterpriseUserSchema: Schema = {
  id: ENTERPRISE_USER_SCHEMA,
  name: 'EnterpriseUser',
  description: 'A person in an organization',
  attributes: {
    employeeNumber: { type: 'string', description: 'The personnel number.' },
    costCenter: { type: 'string', description: 'The cost center.' },
    organization: { type: 'string', description: 'The organization.' },
    division: { type: 'string', description: 'The division.' },
    department: { type: 'string', description: 'The department.' },
    // The id is kept as it came: it may name nobody yet (Q13).
    manager: {
      type: 'complex',
      description: 'The manager.',
      of: { value: { type: 'string', description: 'The id of the manager.' } },
    },
  },
};
