import type { Activity } from '#libs/contracts';

/** What a gateway tells of a request that was answered, made with this key. */
export const requestOf = (keyId: string | null, more: Partial<Activity> = {}): Activity => ({
  keyId,
  method: 'GET',
  path: '/v2/Users',
  resourceType: 'User',
  target: null,
  status: 200,
  scimType: null,
  detail: null,
  durationMs: 1,
  request: null,
  ...more,
});
