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
}
