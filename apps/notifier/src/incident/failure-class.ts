import { type Activity, TOKEN_PATH } from '#libs/contracts';
import { classOfToken, TOKEN_CLASSES } from './token-class.js';

/** Failures of who asks, whatever is asked for: nothing else gets through either. */
const OF_CREDENTIALS = ['key-expired', 'key-revoked', 'key-unknown', 'key-missing', ...TOKEN_CLASSES] as const;

/** The ways in which a request fails, as far as people have to do different things about them. */
export const FAILURE_CLASSES = [
  ...OF_CREDENTIALS,
  'scope-missing',
  'duplicate',
  'contradiction',
  'invalid-value',
  'invalid-syntax',
  'invalid-filter',
  'invalid-path',
  'no-target',
  'read-only',
  'too-much-at-once',
  'not-there',
  'changed-meanwhile',
  'too-large',
  'wrong-media-type',
  'not-supported',
  'too-often',
  'unavailable',
  'our-fault',
  'refused',
] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

const CREDENTIALS = new Set<string>(OF_CREDENTIALS);

/** Is it not about a user or a group, but about the key or the token of whoever asks? */
export const isOfCredentials = (kind: string): boolean => CREDENTIALS.has(kind);

const BY_SCIM_TYPE: Record<string, FailureClass> = {
  uniqueness: 'duplicate',
  invalidValue: 'invalid-value',
  invalidSyntax: 'invalid-syntax',
  invalidFilter: 'invalid-filter',
  invalidPath: 'invalid-path',
  noTarget: 'no-target',
  mutability: 'read-only',
  tooMany: 'too-much-at-once',
};

const BY_STATUS: Record<number, FailureClass> = {
  403: 'scope-missing',
  404: 'not-there',
  405: 'not-supported',
  409: 'contradiction',
  412: 'changed-meanwhile',
  413: 'too-large',
  415: 'wrong-media-type',
  429: 'too-often',
  501: 'not-supported',
};

const ASKS_WHETHER_IT_IS_THERE = new Set(['GET', 'HEAD', 'DELETE']);

/**
 * In which way a request failed; null for one that went well, or by which a source only looks whether something is there, or
 * removes what is gone already.
 */
export function classOf(
  asked: Pick<Activity, 'method' | 'path' | 'status' | 'scimType' | 'detail'>,
): FailureClass | null {
  const { method, path, status, scimType, detail } = asked;
  if (status < 400) return null;
  if (status === 404 && ASKS_WHETHER_IT_IS_THERE.has(method)) return null;
  if (path === TOKEN_PATH && (status === 400 || status === 401)) return classOfToken(detail ?? '');
  if (status === 401) return classOfKey(detail ?? '');
  if (status === 503) return 'unavailable';
  const word = scimType !== null && Object.hasOwn(BY_SCIM_TYPE, scimType) ? BY_SCIM_TYPE[scimType] : undefined;
  return (status < 500 ? word : undefined) ?? BY_STATUS[status] ?? (status >= 500 ? 'our-fault' : 'refused');
}

/** The gateway says in words why a token is not taken. */
function classOfKey(detail: string): FailureClass {
  if (/expired/i.test(detail)) return 'key-expired';
  if (/revoked/i.test(detail)) return 'key-revoked';
  return /^Send the key/i.test(detail) ? 'key-missing' : 'key-unknown';
}
