import { randomFrom } from '../random.js';
import type { AppRole, SourceUser } from '../source/source.js';
import type { ScimObject } from './scim-object.js';
import type { Wanted } from './wanted.js';

/**
 * The expressions by which roles are mapped: `single` is SingleAppRoleAssignment, `text` AppRoleAssignments (JSON
 * documents within texts), `complex` AssertiveAppRoleAssignmentsComplex (the whole list, each time).
 */
export const ROLE_CHOICES = ['none', 'single', 'text', 'complex', 'mixed'] as const;

export type RoleChoice = (typeof ROLE_CHOICES)[number];

export const ROLE_TYPE = 'WindowsAzureActiveDirectoryRole';
export const ONE_ROLE = 'roles[primary eq "True"]';

/** `mixed` is another expression from user to user, always the same for the same one. */
export function roleMapping(choice: RoleChoice, user: SourceUser): readonly (readonly [path: string, Wanted])[] {
  const { roles } = user;
  switch (choice) {
    case 'none':
      return [];
    case 'single':
      return [
        [`${ONE_ROLE}.value`, roles[0]?.value],
        [`${ONE_ROLE}.display`, roles[0]?.displayName],
      ];
    case 'text':
      return [['roles', listed(roles.map((role) => ({ value: JSON.stringify(role) })))]];
    case 'complex':
      return [['roles', listed(roles.map(complexRole))]];
    case 'mixed':
      return roleMapping(randomFrom('roles', user.objectId).pick(['single', 'text', 'complex']), user);
  }
}

const complexRole = ({ value, displayName }: AppRole): ScimObject => ({
  primary: false,
  type: ROLE_TYPE,
  display: displayName,
  value,
});

const listed = (elements: readonly ScimObject[]) => (elements.length === 0 ? undefined : elements);
