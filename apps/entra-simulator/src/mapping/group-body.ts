import type { Random } from '../random.js';
import type { SourceGroup } from '../source/source.js';
import { GROUP_SCHEMA, type ScimObject } from './scim-object.js';

/** Known to nobody but Microsoft, and sent with every group. */
const MICROSOFT_GROUP_SCHEMA = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

/** The body of a create. Members are never in it; older versions of the client sent an empty list. */
export function newGroupBody(group: SourceGroup, random: Random): ScimObject {
  return {
    schemas: [GROUP_SCHEMA, MICROSOFT_GROUP_SCHEMA],
    externalId: group.objectId,
    displayName: group.displayName,
    meta: { resourceType: 'Group' },
    ...(random.chance(0.2) ? { members: [] } : {}),
  };
}
