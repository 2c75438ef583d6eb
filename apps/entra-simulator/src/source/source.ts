/** How large the source directory is when it starts. */
export interface Sizes {
  users: number;
  groups: number;
  /** Members of each group, at most as many as there are users. */
  members: number;
}

/** A user as Entra holds it, in Entra's words. What is `undefined` has never been filled in, or was cleared. */
export interface SourceUser {
  objectId: string;
  userPrincipalName: string;
  accountEnabled: boolean;
  /** Assigned to the application. Whoever is not any more is disabled in the target, and otherwise left alone. */
  isInScope: boolean;
  displayName: string;
  givenName: string;
  surname: string;
  mail: string;
  jobTitle?: string;
  preferredLanguage?: string;
  telephoneNumber?: string;
  mobile?: string;
  facsimileTelephoneNumber?: string;
  physicalDeliveryOfficeName?: string;
  streetAddress?: string;
  city?: string;
  state?: string;
  postalCode?: string;
  country?: string;
  employeeId?: string;
  department?: string;
  /** The manager's object id; always a user that is still in the source. */
  managerId?: string;
  /** A manager whom nobody knows, as the validator sends: stored by the target as it is. */
  strayManager?: string;
  /** The roles of the application that are assigned. */
  roles: readonly AppRole[];
  /** What the values of custom attributes are drawn from; another number, other values. */
  customDraw: number;
}

export interface AppRole {
  id: string;
  value: string;
  displayName: string;
}

export interface SourceGroup {
  objectId: string;
  /** What the group was first called; a rename adds to it, so that no two groups ever share a name. */
  title: string;
  displayName: string;
  memberIds: readonly string[];
}

/** The source directory, by object id. */
export interface Source {
  users: ReadonlyMap<string, SourceUser>;
  groups: ReadonlyMap<string, SourceGroup>;
  /** Who was deleted for good before this day: somebody may be hired again, as another object of the same name. */
  departed: readonly SourceUser[];
}

/** True for whoever is to be able to work in the target. */
export const isActive = ({ accountEnabled, isInScope }: SourceUser) => accountEnabled && isInScope;

export const ids = (things: readonly { objectId: string }[]) => things.map(({ objectId }) => objectId);

/** One part in so many of a number, rounded up. */
export const share = (size: number, part: number) => Math.ceil(size / part);
