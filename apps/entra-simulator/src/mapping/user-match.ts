import type { Random } from '../random.js';
import type { SourceUser } from '../source/source.js';
import { ENTERPRISE_SCHEMA } from './scim-object.js';

export const MATCHES = ['userName', 'externalId', 'mail', 'anyMail', 'employeeNumber'] as const;

export type MatchBy = (typeof MATCHES)[number];

/** How matching attributes are chosen: these, in this order, or a few at random from user to user. */
export type MatchChoice = readonly MatchBy[] | 'random';

/** The left and the right side of the query that looks for a user in the target. */
export interface Match {
  path: string;
  from: (user: SourceUser) => string | undefined;
}

/** What a query by this attribute asks for. */
export const USER_MATCH: Readonly<Record<MatchBy, Match>> = {
  userName: { path: 'userName', from: (user) => user.userPrincipalName },
  externalId: { path: 'externalId', from: (user) => user.objectId },
  mail: { path: 'emails[type eq "work"].value', from: (user) => user.mail },
  anyMail: { path: 'emails.value', from: (user) => user.mail },
  employeeNumber: { path: `${ENTERPRISE_SCHEMA}:employeeNumber`, from: (user) => user.employeeId },
};

/** The queries for a user in the order of precedence, without those by an attribute that the user does not have. */
export function matchesOf(choice: MatchChoice, user: SourceUser, random: Random): { path: string; value: string }[] {
  const usable = (keys: readonly MatchBy[]) =>
    keys.flatMap((key) => {
      const { path, from } = USER_MATCH[key];
      const value = from(user);
      return value === undefined ? [] : [{ path, value }];
    });
  if (choice !== 'random') return usable(choice);
  // Whatever comes first, nobody is created before these two have been asked: a second run begins where the first ended.
  const order = random.shuffled(MATCHES);
  const last = Math.max(order.indexOf('userName'), order.indexOf('externalId'));
  return usable(order.slice(0, last + 1));
}
