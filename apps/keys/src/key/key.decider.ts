import type { Actor, KeyScope } from '#libs/contracts';
import { type Decider, Refusal } from '#libs/event-sourcing';

export type KeyAction =
  | {
      do: 'issue';
      id: string;
      directory: string;
      name: string;
      scopes: readonly KeyScope[];
      /** null means never; left out means the default. */
      expiresInDays?: number | null;
      secretSha256: string;
      by: Actor;
      at: string;
    }
  | { do: 'revoke'; directory: string; by: Actor; at: string };

// These names and shapes sit in the event store for ever.
// Add an event or an optional field; never rename, retype or remove one.
export type KeyEvent =
  | {
      type: 'KeyIssued';
      data: {
        directory: string;
        name: string;
        scopes: KeyScope[];
        secretSha256: string;
        expiresAt: string | null;
        issuedAt: string;
        issuedBy: Actor;
      };
    }
  | { type: 'KeyRevoked'; data: { revokedAt: string; revokedBy: Actor } };

export interface IssuedKey {
  status: 'issued';
  directory: string;
  name: string;
  scopes: KeyScope[];
  secretSha256: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
}
export type Key = { status: 'absent' } | IssuedKey;

const DAY_MS = 24 * 60 * 60 * 1000;
const LIFE_DAYS_DEFAULT = 365;
const LIFE_DAYS_MAX = 730;
const NAME_LENGTH_MAX = 200;
const ID = /^[a-z0-9]{10}$/;

export const keyDecider: Decider<Key, KeyAction, KeyEvent> = { initial: { status: 'absent' }, decide, evolve };

function decide(action: KeyAction, key: Key): KeyEvent[] {
  // Another directory's key is answered as if it were not there.
  const isForeign = key.status === 'issued' && key.directory !== action.directory;
  switch (action.do) {
    case 'issue': {
      if (isForeign) throw new Refusal('already-exists', 'This key id is taken; choose another one.');
      if (key.status === 'issued') return [];
      const { directory, secretSha256, at, by } = action;
      const data = { ...asked(action), directory, secretSha256, expiresAt: end(action), issuedAt: at, issuedBy: by };
      return [{ type: 'KeyIssued', data }];
    }
    case 'revoke':
      if (key.status === 'absent' || isForeign) throw new Refusal('not-found', 'This directory has no such key.');
      if (key.revokedAt !== null) return [];
      return [{ type: 'KeyRevoked', data: { revokedAt: action.at, revokedBy: action.by } }];
  }
}

function evolve(key: Key, event: KeyEvent): Key {
  switch (event.type) {
    case 'KeyIssued': {
      const { directory, name, scopes, secretSha256, expiresAt, issuedAt } = event.data;
      const issued = { directory, name, scopes, secretSha256, expiresAt, createdAt: issuedAt, revokedAt: null };
      return { status: 'issued', ...issued };
    }
    case 'KeyRevoked':
      return key.status === 'issued' ? { ...key, revokedAt: event.data.revokedAt } : key;
  }
}

function asked({ id, name, scopes }: KeyAction & { do: 'issue' }): { name: string; scopes: KeyScope[] } {
  if (!ID.test(id)) throw new Refusal('invalid', 'A key id is ten characters, a to z and 0 to 9.');
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > NAME_LENGTH_MAX || /[\p{Cc}\p{Cs}]/u.test(trimmed)) {
    throw new Refusal('invalid', `A key's name is one line of 1 to ${NAME_LENGTH_MAX} characters.`);
  }
  if (scopes.length === 0) throw new Refusal('invalid', 'A key needs at least one scope.');
  return { name: trimmed, scopes: [...new Set(scopes)] };
}

function end({ expiresInDays = LIFE_DAYS_DEFAULT, at }: KeyAction & { do: 'issue' }): string | null {
  if (expiresInDays === null) return null;
  if (!Number.isInteger(expiresInDays) || expiresInDays < 1 || expiresInDays > LIFE_DAYS_MAX) {
    throw new Refusal('invalid', `A key lives 1 to ${LIFE_DAYS_MAX} days, or for ever when that is asked for.`);
  }
  return new Date(Date.parse(at) + expiresInDays * DAY_MS).toISOString();
}
