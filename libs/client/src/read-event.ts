import { type PublicEvent, publicEvent, publicEventType } from '#libs/contracts';
import { unreadable } from './errors.js';
import type { Place } from './continuity.js';

const place = publicEvent
  .pick({ id: true, partition: true, position: true, directory: true, sequence: true })
  .extend({ type: publicEvent.shape.source });

/** A record of the topic: its place, which every event has, and the event itself when somebody wants it. */
export interface Written {
  place: Place;
  isKnown: boolean;
  /** Throws when it is not as the contract says. */
  event(): PublicEvent;
}

/** Reads a record of the topic; an event of a type that came later than this program has a place, too. */
export function readEvent(where: string, value: Buffer | null): Written {
  const json = parsed(where, () => JSON.parse(value?.toString() ?? '') as unknown);
  const { type, ...found } = parsed(where, () => place.parse(json));
  return {
    place: found,
    isKnown: publicEventType.safeParse(type).success,
    event: () => parsed(where, () => publicEvent.parse(json)),
  };
}

function parsed<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(where, error);
  }
}
