import { isActive, type SourceUser } from '../source/source.js';
import { customValue, type CustomAttribute } from './custom-attribute.js';
import { roleMapping, type RoleChoice } from './role-mapping.js';
import { ENTERPRISE_SCHEMA } from './scim-object.js';
import type { Wanted, WantedAttributes } from './wanted.js';

/** What an administrator has added to the default mapping. */
export interface Mapping {
  roles: RoleChoice;
  customs: readonly CustomAttribute[];
}

/**
 * The default attribute mapping of a non-gallery application. The manager is not in it: Entra writes references
 * in requests of their own.
 */
const USER_MAPPING: readonly (readonly [path: string, from: (user: SourceUser) => Wanted])[] = [
  ['userName', (user) => user.userPrincipalName],
  ['externalId', (user) => user.objectId],
  ['active', isActive],
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

/** What a user should hold. Of somebody out of scope nothing is written but that they may work no more. */
export function wantedAttributes(user: SourceUser, { roles, customs }: Mapping): WantedAttributes {
  if (!user.isInScope) return new Map([['active', false]]);
  return new Map<string, Wanted>([
    ...USER_MAPPING.map(([path, from]) => [path, from(user)] as const),
    ...roleMapping(roles, user),
    ...customs.map((custom) => [custom.path, customValue(custom, user)] as const),
  ]);
}
