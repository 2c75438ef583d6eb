import type { Random } from '../random.js';
import { appRoles, department, jobTitle, office, phoneNumber, surname } from './person.js';
import type { SourceUser } from './source.js';

type Change = (user: SourceUser, random: Random, colleagues: readonly string[]) => Partial<SourceUser>;

const CHANGES: readonly [Change, ...Change[]] = [
  (user, random) => ({ jobTitle: jobTitle(random, user.jobTitle) }),
  (user, random) => ({ department: department(random, user.department) }),
  (_, random) => ({ telephoneNumber: phoneNumber(random), mobile: phoneNumber(random) }),
  (user, random) => married(user, surname(random, user.surname)),
  (user, random) => office(random, user.city),
  (user, random, colleagues) => ({ managerId: otherManager(user, random, colleagues), strayManager: undefined }),
  () => ({ managerId: undefined, strayManager: undefined, jobTitle: undefined }),
  (user, random) => ({ userPrincipalName: moved(user.userPrincipalName, random) }),
  (_, random) => ({ roles: appRoles(random) }),
  (_, random) => ({ customDraw: random.below(1_000) }),
  () => ({ mobile: undefined, facsimileTelephoneNumber: undefined, preferredLanguage: undefined }),
];

/** The same person with one to three things changed, filled in or cleared: even the userPrincipalName, never the object id. */
export function changedUser(user: SourceUser, colleagues: readonly string[], random: Random): SourceUser {
  const changes = random.shuffled(CHANGES).slice(0, 1 + random.below(3));
  return changes.reduce((changed, change) => ({ ...changed, ...change(changed, random, colleagues) }), user);
}

const married = (user: SourceUser, name: string): Partial<SourceUser> => ({
  surname: name,
  displayName: `${user.givenName} ${name}`,
});

/** Another name to sign in with, which is still nobody else's. */
const moved = (name: string, random: Random) => name.replace(/(\.m\d+)?@/, `.m${random.below(1_000)}@`);

function otherManager(user: SourceUser, random: Random, colleagues: readonly string[]): string | undefined {
  const others = colleagues.filter((id) => id !== user.objectId && id !== user.managerId);
  return others[random.below(others.length)];
}
