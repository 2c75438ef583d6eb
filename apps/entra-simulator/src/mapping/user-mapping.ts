import type { SourceUser } from '../source/source.js';
import { ENTERPRISE_SCHEMA } from './scim-object.js';

/** What an attribute should hold; `undefined` where the source holds nothing. */
export type Wanted = string | boolean | undefined;

/** Path in the target → what it should hold there. */
export type WantedAttributes = ReadonlyMap<string, Wanted>;

/**
 * The default attribute mapping of a non-gallery application. The manager is not in it: Entra writes references
 * in requests of their own.
 */
const USER_MAPPING: readonly (readonly [path: string, from: (user: SourceUser) => Wanted])[] = [
  ['userName', (user) => user.userPrincipalName],
  ['externalId', (user) => user.objectId],
  ['active', (user) => user.accountEnabled],
  ['displayName', (user) => user.displayName],
  ['title', (user) => user.jobTitle],
  ['preferredLanguage', (user) => user.preferredLanguage],
  ['name.givenName', (user) => user.givenName],
  ['name.familyName', (user) => user.surname],
  ['name.formatted', (user) => `${user.givenName} ${user.surname}`],
  ['emails[type eq "work"].value', (user) => user.mail],
  ['phoneNumbers[type eq "work"].value', (user) => user.telephoneNumber],
  ['phoneNumbers[type eq "mobile"].value', (user) => user.mobile],
  ['phoneNumbers[type eq "fax"].value', (user) => user.facsimileTelephoneNumber],
  ['addresses[type eq "work"].formatted', (user) => user.physicalDeliveryOfficeName],
  ['addresses[type eq "work"].streetAddress', (user) => user.streetAddress],
  ['addresses[type eq "work"].locality', (user) => user.city],
  ['addresses[type eq "work"].region', (user) => user.state],
  ['addresses[type eq "work"].postalCode', (user) => user.postalCode],
  ['addresses[type eq "work"].country', (user) => user.country],
  [`${ENTERPRISE_SCHEMA}:employeeNumber`, (user) => user.employeeId],
  [`${ENTERPRISE_SCHEMA}:department`, (user) => user.department],
];

export function wantedAttributes(user: SourceUser): WantedAttributes {
  return new Map(USER_MAPPING.map(([path, from]) => [path, from(user)]));
}

export const MATCHES = ['userName', 'externalId', 'mail'] as const;

export type MatchBy = (typeof MATCHES)[number];

/** The left and the right side of the query that looks for a user in the target. */
export const USER_MATCH: Readonly<Record<MatchBy, { path: string; from: (user: SourceUser) => string }>> = {
  userName: { path: 'userName', from: (user) => user.userPrincipalName },
  externalId: { path: 'externalId', from: (user) => user.objectId },
  mail: { path: 'emails[type eq "work"].value', from: (user) => user.mail },
};
