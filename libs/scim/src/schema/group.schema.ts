import { KEY_LENGTH_MAX } from '../limits.js';
import type { Schema } from './attribute.js';

export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** RFC 7643 §4.2. */
export const groupSchema: Schema = {
  id: GROUP_SCHEMA,
  name: 'Group',
  description: 'A group of users',
  attributes: {
    displayName: {
      type: 'string',
      required: true,
      uniqueness: 'server',
      lengthMax: KEY_LENGTH_MAX,
      description: 'The name of the group.',
    },
    members: {
      type: 'complex',
      multiValued: true,
      description: 'The members of the group.',
      of: {
        value: { type: 'string', mutability: 'immutable', description: 'The id of the member.' },
        $ref: {
          type: 'reference',
          mutability: 'immutable',
          referenceTypes: ['User', 'Group'],
          unfilterable: true,
          description: 'The address of the member.',
        },
        display: { type: 'string', mutability: 'readOnly', unfilterable: true, description: 'The name of the member.' },
        type: {
          type: 'string',
          mutability: 'immutable',
          canonicalValues: ['User', 'Group'],
          description: 'User or Group.',
        },
      },
    },
  },
};
