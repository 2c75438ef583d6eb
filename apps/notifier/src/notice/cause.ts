import type { Kind } from './tally.js';

/** Why requests of a kind probably failed, and what to do about it, for somebody who does not know SCIM. */
export interface Cause {
  cause: string;
  inEntra: string;
  inRoster: string;
}

const SEE_LOG = 'Open Provisioning logs, choose the failed entry and read its Troubleshooting tab.';

const BY_SCIM_TYPE: Record<string, Cause> = {
  uniqueness: {
    cause: 'Another user or group of this directory already has the same userName or displayName.',
    inEntra:
      'Find the two users that share the value (userName is compared without upper and lower case), give one of them another, or take one out of scope.',
    inRoster:
      'Look for the value in the directory. If what is there is a left-over, remove it; Entra then creates its own.',
  },
  invalidValue: {
    cause: 'A value is missing, or is not of the kind that the attribute takes.',
    inEntra:
      'Open the attribute mapping, find the attribute named below, and map it to a source value of the right kind.',
    inRoster: 'Nothing has been changed. The detail below names the attribute.',
  },
  invalidSyntax: {
    cause: 'The request was not valid JSON, or lacked something that every such request must have.',
    inEntra: 'Check the attribute mapping for expressions that give an empty or broken value.',
    inRoster: 'Nothing has been changed. If the mapping is right, keep the request id and report it.',
  },
  invalidFilter: {
    cause: 'The request searched by an attribute or an operator that cannot be searched by.',
    inEntra:
      'Open the attribute mapping and choose userName, externalId or an e-mail address as the matching attribute.',
    inRoster: 'Nothing has been changed.',
  },
  invalidPath: {
    cause: 'The request wanted to change an attribute that this directory does not have.',
    inEntra: 'Open the attribute mapping and remove or rename the target attribute named below.',
    inRoster: 'Nothing has been changed. The schemas of this directory say which attributes there are.',
  },
  noTarget: {
    cause: 'The request wanted to change a value that is not there, so there was nothing to change.',
    inEntra: `${SEE_LOG} Usually "Provision on demand" for this one user or group brings both sides together again.`,
    inRoster: 'Nothing has been changed.',
  },
  mutability: {
    cause: 'The request wanted to change an attribute that cannot be changed.',
    inEntra: 'Open the attribute mapping and let the attribute named below apply only when the object is created.',
    inRoster: 'Nothing has been changed.',
  },
};

const BY_STATUS: Record<number, Cause> = {
  401: {
    cause: 'The secret token was refused: its key is expired or revoked, or another text was pasted.',
    inEntra: 'Paste the secret of a live key into Admin Credentials, Secret Token, and press Test Connection.',
    inRoster: 'Issue a new directory key and see when the old one ended.',
  },
  403: {
    cause: 'The key is known, but may not do this.',
    inEntra: 'Paste the secret of a key that may write into Admin Credentials, Secret Token.',
    inRoster: 'Issue a directory key with the scopes scim:read and scim:write.',
  },
  404: {
    cause: 'The user or group that should be changed is not in this directory: it was removed here, or never arrived.',
    inEntra: 'Use "Provision on demand" for it. If many are concerned, choose Restart provisioning.',
    inRoster: 'Check whether somebody removed it, and whether the Tenant URL is that of this directory.',
  },
  409: {
    cause: 'The change contradicts what is in the directory already.',
    inEntra: SEE_LOG,
    inRoster: 'Compare what is there with the detail below.',
  },
  412: {
    cause: 'Somebody else changed the same user or group in the meantime.',
    inEntra: 'Nothing: the next cycle reads the newer state first.',
    inRoster: 'If it repeats, see whether two sources write to this directory.',
  },
  413: {
    cause: 'The request was larger than is taken in one piece.',
    inEntra:
      'See whether a mapped attribute holds something very large, such as a photo, and remove it from the mapping.',
    inRoster: 'Nothing has been changed.',
  },
  429: {
    cause: 'The source asked more often than it may.',
    inEntra: 'Nothing: Entra slows down and tries again by itself.',
    inRoster: 'If it lasts, see whether something else uses a key of this directory.',
  },
};

const OURS: Cause = {
  cause: 'Roster could not carry the request out. The fault is on this side.',
  inEntra: 'Nothing: Entra tries again by itself.',
  inRoster: 'Look at the health of the services and at their logs; the same request again is safe.',
};

const UNKNOWN: Cause = {
  cause: 'The request was refused; the detail below says why.',
  inEntra: SEE_LOG,
  inRoster: 'Nothing has been changed.',
};

/** The probable cause of failures of this kind. */
export function causeOf({ status, scimType }: Pick<Kind, 'status' | 'scimType'>): Cause {
  if (status >= 500) return OURS;
  const byWord = scimType !== null && Object.hasOwn(BY_SCIM_TYPE, scimType) ? BY_SCIM_TYPE[scimType] : undefined;
  return byWord ?? BY_STATUS[status] ?? UNKNOWN;
}
