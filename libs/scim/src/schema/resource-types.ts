import type { ResourceType } from './attribute.js';
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

export const resourceTypes: readonly ResourceType[] = [userType, groupType];
