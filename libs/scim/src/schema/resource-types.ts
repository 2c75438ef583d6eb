import type { Extension, ResourceType } from './attribute.js';
import { enterpriseUserSchema } from './enterprise-user.schema.js';
import { groupSchema } from './group.schema.js';
import { userSchema } from './user.schema.js';

export const userType: ResourceType = {
  name: 'User',
  endpoint: '/Users',
  description: 'People of the directory',
  schema: userSchema,
  extensions: [enterpriseUserSchema],
};

export const groupType: ResourceType = {
  name: 'Group',
  endpoint: '/Groups',
  description: 'Groups of the directory',
  schema: groupSchema,
  extensions: [],
};

/** What the endpoints serve in one directory. */
export type ResourceTypes = Readonly<Record<ResourceType['name'], ResourceType>>;

/** What every directory has, and all that most of them have. */
export const builtInTypes: ResourceTypes = { User: userType, Group: groupType };

/**
 * The resource types of a directory with extensions of its own. Whoever asks keeps the answer: what is learned of a schema
 * (the index of its names) hangs on these very objects.
 */
export function typesWith(extensions: readonly Extension[]): ResourceTypes {
  if (extensions.length === 0) return builtInTypes;
  const extended = (type: ResourceType): ResourceType => {
    const own = extensions.filter(({ resourceType }) => resourceType === type.name);
    return { ...type, extensions: [...type.extensions, ...own] };
  };
  return { User: extended(userType), Group: extended(groupType) };
}
