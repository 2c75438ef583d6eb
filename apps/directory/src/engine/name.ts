import type { Attributes } from '#libs/scim';

/** The name by which people tell a resource apart; the gateway has seen to it that there is one. */
export function nameIn(attributes: Attributes, attribute: 'userName' | 'displayName'): string {
  const value = attributes[attribute];
  return typeof value === 'string' ? value : '';
}
