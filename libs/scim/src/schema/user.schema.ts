import { KEY_LENGTH_MAX } from '../limits.js';
import type { Schema } from './attribute.js';
import { element } from './common.js';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';

const PLACES = ['work', 'home', 'other'];

/** RFC 7643 §4.1. The order is the order of answers. */
export const userSchema: Schema = {
  id: USER_SCHEMA,
  name: 'User',
  description: 'A person',
  attributes: {
    userName: {
      type: 'string',
      required: true,
      uniqueness: 'server',
      lengthMax: KEY_LENGTH_MAX,
      description: 'The name that the user signs in with.',
    },
    name: {
      type: 'complex',
      description: 'The parts of the name.',
      of: {
        formatted: { type: 'string', description: 'The whole name, for display.' },
        familyName: { type: 'string', description: 'The family name.' },
        givenName: { type: 'string', description: 'The given name.' },
        middleName: { type: 'string', description: 'The middle names.' },
        honorificPrefix: { type: 'string', description: 'A title before the name.' },
        honorificSuffix: { type: 'string', description: 'A suffix after the name.' },
      },
    },
    displayName: { type: 'string', lengthMax: KEY_LENGTH_MAX, description: 'The name to show.' },
    nickName: { type: 'string', description: 'The casual name.' },
    profileUrl: { type: 'reference', referenceTypes: ['external'], description: 'A page about the user.' },
    title: { type: 'string', description: 'The job title.' },
    userType: { type: 'string', description: 'The relation to the organization.' },
    preferredLanguage: { type: 'string', description: 'The preferred language, as in Accept-Language.' },
    locale: { type: 'string', description: 'The locale, for dates and numbers.' },
    timezone: { type: 'string', description: 'The time zone, as in the IANA database.' },
    active: { type: 'boolean', description: 'Whether the user may work.' },
    password: {
      type: 'string',
      mutability: 'writeOnly',
      returned: 'never',
      unfilterable: true,
      description: 'Accepted and thrown away: this directory keeps no passwords.',
    },
    emails: {
      type: 'complex',
      multiValued: true,
      description: 'E-mail addresses.',
      of: element({ type: 'string', lengthMax: KEY_LENGTH_MAX, description: 'An e-mail address.' }, PLACES),
    },
    phoneNumbers: {
      type: 'complex',
      multiValued: true,
      description: 'Telephone numbers.',
      of: element({ type: 'string', description: 'A telephone number.' }, [
        'work',
        'home',
        'mobile',
        'fax',
        'pager',
        'other',
      ]),
    },
    ims: {
      type: 'complex',
      multiValued: true,
      description: 'Instant messaging addresses.',
      of: element({ type: 'string', description: 'An instant messaging address.' }, [
        'aim',
        'gtalk',
        'icq',
        'xmpp',
        'msn',
        'skype',
        'qq',
        'yahoo',
      ]),
    },
    photos: {
      type: 'complex',
      multiValued: true,
      description: 'Pictures.',
      of: element({ type: 'reference', referenceTypes: ['external'], description: 'The address of a picture.' }, [
        'photo',
        'thumbnail',
      ]),
    },
    addresses: {
      type: 'complex',
      multiValued: true,
      description: 'Postal addresses.',
      of: {
        formatted: { type: 'string', description: 'The whole address.' },
        streetAddress: { type: 'string', description: 'Street and number.' },
        locality: { type: 'string', description: 'The city.' },
        region: { type: 'string', description: 'The state or region.' },
        postalCode: { type: 'string', description: 'The postal code.' },
        country: { type: 'string', description: 'The country.' },
        type: { type: 'string', canonicalValues: PLACES, description: 'What the address is for.' },
        primary: { type: 'boolean', description: 'Whether this is the preferred address.' },
      },
    },
    groups: {
      type: 'complex',
      multiValued: true,
      mutability: 'readOnly',
      description: 'The groups of the user; changed through the groups.',
      of: {
        value: { type: 'string', mutability: 'readOnly', description: 'The id of the group.' },
        $ref: {
          type: 'reference',
          mutability: 'readOnly',
          referenceTypes: ['Group'],
          unfilterable: true,
          description: 'The address of the group.',
        },
        display: { type: 'string', mutability: 'readOnly', description: 'The name of the group.' },
        type: {
          type: 'string',
          mutability: 'readOnly',
          canonicalValues: ['direct', 'indirect'],
          description: 'Direct or inherited.',
        },
      },
    },
    entitlements: {
      type: 'complex',
      multiValued: true,
      description: 'Things that the user has a right to.',
      of: element({ type: 'string', description: 'An entitlement.' }, []),
    },
    // A role may be a JSON document inside a string: it is kept as text (Q14).
    roles: {
      type: 'complex',
      multiValued: true,
      description: 'Roles.',
      of: element({ type: 'string', description: 'A role.' }, []),
    },
    x509Certificates: {
      type: 'complex',
      multiValued: true,
      description: 'Certificates.',
      of: element({ type: 'binary', caseExact: true, description: 'A certificate, DER in base64.' }, []),
    },
  },
};
