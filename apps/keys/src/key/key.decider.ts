import type { Actor, KeyScope, RotationGrace } from '#libs/contracts';
import { type Decider, Refusal } from '#libs/event-sourcing';
import { endOf, endOfGrace, given } from './key.rules.js';

/** Who does it, when, and to which directory's key; null: to one that reaches all of them. */
export interface Circumstances {
  directory: string | null;
  by: Actor;
  at: string;
}

/** The keys of the directory that live already, and how many may. */
export interface Room {
  live: readonly string[];
  liveMax: number;
}

export interface Issue extends Circumstances {
  do: 'issue';
  id: string;
  name: string;
  scopes: readonly KeyScope[];
  /** null means never; left out means the default. */
  expiresInDays?: number | null;
  requestsPerSecond?: number;
  predecessor?: string;
  secretSha256: string;
  room: Room;
}
export type KeyAction =
  | Issue
  | ({ do: 'revoke' | 'disable' | 'enable' } & Circumstances)
  | ({ do: 'rotate'; successor: string; grace: RotationGrace } & Circumstances)
  | ({ do: 'limit'; requestsPerSecond: number | null } & Circumstances);

// These names and shapes sit in the event store for ever.
// Add an event or an optional field; never rename, retype or remove one.
export type KeyEvent =
  | {
      type: 'KeyIssued';
      data: {
        directory: string | null;
        name: string;
        scopes: KeyScope[];
        secretSha256: string;
        expiresAt: string | null;
        issuedAt: string;
        issuedBy: Actor;
        requestsPerSecond?: number;
        predecessor?: string;
      };
    }
  | { type: 'KeyRotated'; data: { successor: string; endsAt: string; rotatedAt: string; rotatedBy: Actor } }
  | { type: 'KeyDisabled'; data: { disabledAt: string; disabledBy: Actor } }
  | { type: 'KeyEnabled'; data: { enabledAt: string; enabledBy: Actor } }
  | { type: 'KeyLimited'; data: { requestsPerSecond: number | null; limitedAt: string; limitedBy: Actor } }
  | { type: 'KeyRevoked'; data: { revokedAt: string; revokedBy: Actor } };

export interface IssuedKey {
  status: 'issued';
  directory: string | null;
  name: string;
  scopes: KeyScope[];
  secretSha256: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  disabledAt: string | null;
  rotatedAt: string | null;
  successor: string | null;
  predecessor: string | null;
  requestsPerSecond: number | null;
}
export type Key = { status: 'absent' } | IssuedKey;

export const keyDecider: Decider<Key, KeyAction, KeyEvent> = { initial: { status: 'absent' }, decide, evolve };

function decide(action: KeyAction, key: Key): KeyEvent[] {
  if (action.do === 'issue') return issue(action, key);
  // Another directory's key is answered as if it were not there.
  if (key.status === 'absent' || key.directory !== action.directory) {
    throw new Refusal('not-found', 'This directory has no such key.');
  }
  const { at, by } = action;
  switch (action.do) {
    case 'revoke':
      return key.revokedAt === null ? [{ type: 'KeyRevoked', data: { revokedAt: at, revokedBy: by } }] : [];
    case 'disable':
      mustGoOn(key, at, 'disabled');
      return key.disabledAt === null ? [{ type: 'KeyDisabled', data: { disabledAt: at, disabledBy: by } }] : [];
    case 'enable':
      mustGoOn(key, at, 'enabled');
      return key.disabledAt === null ? [] : [{ type: 'KeyEnabled', data: { enabledAt: at, enabledBy: by } }];
    case 'limit': {
      mustGoOn(key, at, 'limited');
      const { requestsPerSecond } = action;
      if (requestsPerSecond === key.requestsPerSecond) return [];
      return [{ type: 'KeyLimited', data: { requestsPerSecond, limitedAt: at, limitedBy: by } }];
    }
    case 'rotate': {
      const { successor, grace } = action;
      if (key.successor === successor) return [];
      mustGoOn(key, at, 'rotated');
      if (key.disabledAt !== null)
        throw new Refusal('conflict', 'This key is disabled: enable it first, or revoke it.');
      if (key.successor !== null) {
        throw new Refusal(
          'conflict',
          `This key has been rotated already: rotate key ${key.successor}, which took over.`,
        );
      }
      const endsAt = endOfGrace(key.expiresAt, grace, at);
      return [{ type: 'KeyRotated', data: { successor, endsAt, rotatedAt: at, rotatedBy: by } }];
    }
  }
}

function issue(action: Issue, key: Key): KeyEvent[] {
  const { directory, secretSha256, at, by, requestsPerSecond, predecessor, room } = action;
  if (key.status === 'issued') {
    if (key.directory === directory) return [];
    throw new Refusal('already-exists', 'This key id is taken; choose another one.');
  }
  const asked = given(action);
  if (room.live.length >= room.liveMax) {
    throw new Refusal(
      'conflict',
      `Here ${room.liveMax} ${room.liveMax === 1 ? 'key' : 'keys'} may live at a time, and there are ${room.live.length}: ` +
        `${room.live.slice(0, 10).join(', ')}. Revoke one ("key revoke ID"), rotate one with grace now, ` +
        'or allow more ("key allow --live N").',
    );
  }
  const more = { ...(requestsPerSecond !== undefined && { requestsPerSecond }), ...(predecessor && { predecessor }) };
  const data = { ...asked, directory, secretSha256, expiresAt: endOf(action), issuedAt: at, issuedBy: by, ...more };
  return [{ type: 'KeyIssued', data }];
}

/** What has ended cannot come back: neither a revoked key nor an expired one. */
function mustGoOn({ revokedAt, expiresAt }: IssuedKey, at: string, done: string): void {
  if (revokedAt !== null)
    throw new Refusal('conflict', `This key has been revoked and cannot be ${done}; make a new one.`);
  if (expiresAt !== null && Date.parse(expiresAt) <= Date.parse(at)) {
    throw new Refusal('conflict', `This key has expired and cannot be ${done}; make a new one.`);
  }
}

function evolve(key: Key, { type, data }: KeyEvent): Key {
  if (type === 'KeyIssued') {
    const { directory, name, scopes, secretSha256, expiresAt, issuedAt: createdAt } = data;
    const { requestsPerSecond = null, predecessor = null } = data;
    const issued = { directory, name, scopes, secretSha256, expiresAt, createdAt, requestsPerSecond, predecessor };
    return { status: 'issued', ...issued, revokedAt: null, disabledAt: null, rotatedAt: null, successor: null };
  }
  if (key.status === 'absent') return key;
  switch (type) {
    case 'KeyRotated': {
      const { successor, endsAt, rotatedAt } = data;
      // Without grace it ends as a revoked key does: at once, whatever a gateway's clock says.
      const revokedAt = endsAt === rotatedAt ? rotatedAt : key.revokedAt;
      return { ...key, successor, rotatedAt, expiresAt: endsAt, revokedAt };
    }
    case 'KeyDisabled':
      return { ...key, disabledAt: data.disabledAt };
    case 'KeyEnabled':
      return { ...key, disabledAt: null };
    case 'KeyLimited':
      return { ...key, requestsPerSecond: data.requestsPerSecond };
    case 'KeyRevoked':
      return { ...key, revokedAt: data.revokedAt };
  }
}
