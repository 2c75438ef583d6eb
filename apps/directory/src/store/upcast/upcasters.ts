import type { Upcasters } from './upcast.js';

/**
 * The forms that stored events have had. Where one changes, its type in libs/contracts becomes the new form, a step that
 * brings the form before to it is added at the end of its line here, and the golden file of the form before stays.
 */
export const upcasters: Upcasters = {
  DirectoryCreated: [],
  DirectorySchemaExtended: [],
  DirectorySchemaReduced: [],
  UserCreated: [],
  UserUpdated: [],
  UserDeactivated: [],
  UserReactivated: [],
  UserDeleted: [],
  GroupCreated: [],
  GroupUpdated: [],
  GroupMembersAdded: [],
  GroupMembersRemoved: [],
  GroupDeleted: [],
};
