import { KEY_LENGTH_MAX } from '../limits.js';
import type { Attribute, AttributeSet } from './attribute.js';

/** Attributes that every resource has and no schema lists (RFC 7643 §3.1). */
export const commonAttributes = {
  schemas: {
    type: 'reference',
    multiValued: true,
    mutability: 'readOnly',
    returned: 'always',
    description: 'The schemas of the resource.',
  },
  // Ids are UUIDs, which PostgreSQL compares as numbers: the case of their letters says nothing.
  id: { type: 'string', mutability: 'readOnly', returned: 'always', description: 'The id given by this directory.' },
  externalId: {
    type: 'string',
    caseExact: true,
    lengthMax: KEY_LENGTH_MAX,
    description: 'The id given by the provisioning client.',
  },
  meta: {
    type: 'complex',
    mutability: 'readOnly',
    description: 'Data about the resource.',
    of: {
      resourceType: { type: 'string', caseExact: true, mutability: 'readOnly', description: 'User or Group.' },
      created: { type: 'dateTime', mutability: 'readOnly', description: 'When it was created.' },
      lastModified: { type: 'dateTime', mutability: 'readOnly', description: 'When it was last changed.' },
      location: { type: 'reference', mutability: 'readOnly', unfilterable: true, description: 'Its address.' },
      version: { type: 'string', caseExact: true, mutability: 'readOnly', description: 'Its ETag.' },
    },
  },
} as const satisfies AttributeSet;

/** The usual sub-attributes of a multi-valued attribute (RFC 7643 §2.4). */
export function element(value: Attribute, types: readonly string[]): AttributeSet {
  return {
    value,
    display: { type: 'string', description: 'A name for people.' },
    type: {
      type: 'string',
      description: 'What the value is for.',
      ...(types.length === 0 ? {} : { canonicalValues: types }),
    },
    primary: { type: 'boolean', description: 'Whether this is the preferred value; true for one at most.' },
  };
}
