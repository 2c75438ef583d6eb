import type { RotationGrace } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import { type Circumstances, type Key, keyDecider, type KeyEvent, type Room } from './key.decider.js';
import { lifeDays } from './key.rules.js';

export interface Rotation extends Circumstances {
  id: string;
  successor: string;
  grace: RotationGrace;
  /** null means never; left out means as long as the old one's life was. */
  expiresInDays?: number | null;
  secretSha256: string;
  room: Room;
}

/**
 * The old key's end and the new key, decided as one: both happen or neither does. The new one has the old one's name, scopes and
 * limit. Two empty lists: it has been done already.
 */
export function decideRotation(rotation: Rotation, old: Key, next: Key): { old: KeyEvent[]; next: KeyEvent[] } {
  const { id, successor, grace, secretSha256, room, ...circumstances } = rotation;
  const ended = keyDecider.decide({ do: 'rotate', successor, grace, ...circumstances }, old);
  if (old.status === 'absent') throw new Refusal('not-found', 'This directory has no such key.');
  if (ended.length === 0) return { old: [], next: [] };
  if (next.status === 'issued') throw new Refusal('already-exists', 'This key id is taken; choose another one.');
  const { name, scopes, requestsPerSecond } = old;
  const { expiresInDays = lifeDays(old) } = rotation;
  // Without grace the old one makes room for the new one.
  const live = grace === 'now' ? room.live.filter((one) => one !== id) : room.live;
  const issued = keyDecider.decide(
    {
      do: 'issue',
      id: successor,
      name,
      scopes,
      expiresInDays,
      secretSha256,
      predecessor: id,
      room: { ...room, live },
      ...(requestsPerSecond !== null && { requestsPerSecond }),
      ...circumstances,
    },
    next,
  );
  return { old: ended, next: issued };
}
