import type { SourceGroup } from '../source/source.js';
import type { WantedAttributes } from './wanted.js';

export function wantedGroupAttributes(group: SourceGroup): WantedAttributes {
  return new Map([
    ['displayName', group.displayName],
    ['externalId', group.objectId],
  ]);
}

/** Matching precedence: the name first; the object id finds a group that was renamed meanwhile. */
export const GROUP_MATCHES: readonly { path: string; from: (group: SourceGroup) => string }[] = [
  { path: 'displayName', from: (group) => group.displayName },
  { path: 'externalId', from: (group) => group.objectId },
];
