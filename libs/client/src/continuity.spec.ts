import fc from 'fast-check';
import { readBookmark, writeBookmark } from './bookmark.js';
import { beginning, Continuity, type Place, REMEMBERED_MAX } from './continuity.js';

const DIRECTORIES = ['ada', 'bob', 'cyd'];

/** What a partition holds when these directories act one after another. */
function feedOf(actors: readonly string[]): Place[] {
  const sequences = new Map<string, number>();
  return actors.map((directory, index) => {
    const sequence = (sequences.get(directory) ?? 0) + 1;
    sequences.set(directory, sequence);
    return { id: `e${index}`, partition: 0, position: index + 1, directory, sequence };
  });
}

/** Reads as a subscriber does; `restartAfter` events it goes on from its bookmark alone. */
function read(places: readonly Place[], { only, from = 'earliest' as const, restartAfter = -1 }: Reading = {}) {
  let continuity = new Continuity(beginning(from, only), only);
  const seen: Place[] = [];
  try {
    for (const [index, place] of places.entries()) {
      if (index === restartAfter) continuity = restarted(continuity, only);
      if (continuity.check(place) === 'repeat') continue;
      continuity.passed(place);
      seen.push(place);
    }
    return { seen, stopped: undefined };
  } catch (error) {
    return { seen, stopped: String(error) };
  }
}

interface Reading {
  only?: string;
  from?: 'earliest' | 'latest';
  restartAfter?: number;
}

function restarted(continuity: Continuity, only?: string): Continuity {
  const kept = readBookmark(writeBookmark(continuity.progress(), only), only);
  if (kept === undefined) throw new Error('the bookmark cannot be read');
  return new Continuity(kept, only);
}

const feed = fc.array(fc.constantFrom(...DIRECTORIES), { minLength: 1, maxLength: 60 }).map(feedOf);
const at = fc.nat({ max: 59 });
const reading = fc.record({
  only: fc.option(fc.constantFrom(...DIRECTORIES), { nil: undefined }),
  from: fc.constantFrom('earliest' as const, 'latest' as const),
});

describe('a subscriber', () => {
  it('takes a whole feed, wherever it restarts', () => {
    fc.assert(
      fc.property(feed, reading, at, (places, how, restartAfter) => {
        expect(read(places, { ...how, restartAfter })).toEqual({ seen: places, stopped: undefined });
      }),
    );
  });

  it('takes each event once, however often a stretch of the feed comes again', () => {
    fc.assert(
      fc.property(feed, reading, at, at, (places, how, end, length) => {
        const again = [...places.slice(0, end), ...places.slice(Math.max(0, end - length), end), ...places.slice(end)];
        expect(read(again, how)).toEqual({ seen: places, stopped: undefined });
      }),
    );
  });

  it('takes nothing from a missing event on, whether or not it restarts there', () => {
    fc.assert(
      fc.property(feed, at, fc.boolean(), (places, index, restarts) => {
        const missing = index % places.length;
        const { seen, stopped } = read(places.toSpliced(missing, 1), { restartAfter: restarts ? missing : -1 });
        expect(seen).toEqual(places.slice(0, missing));
        if (missing < places.length - 1) expect(stopped).toMatch(`Expected position ${missing + 1}; came position`);
      }),
    );
  });

  it('is not led astray by positions when an event of its directory is missing', () => {
    fc.assert(
      fc.property(feed, fc.constantFrom(...DIRECTORIES), at, (places, only, index) => {
        const own = places.filter(({ directory }) => directory === only);
        fc.pre(own.length > 1);
        const missing = own[index % (own.length - 1)];
        const renumbered = places.filter((place) => place !== missing).map((p, i) => ({ ...p, position: i + 1 }));
        const { stopped } = read(renumbered, { only });
        expect(stopped).toMatch(`Expected sequence ${missing?.sequence ?? ''} of directory ${only}; came`);
      }),
    );
  });

  it('stops when another event stands where one has been', () => {
    fc.assert(
      fc.property(feed, at, fc.boolean(), (places, index, restarts) => {
        const place = index % places.length;
        const restored = places.slice(place).map((one) => ({ ...one, id: `${one.id}-restored` }));
        const restartAfter = restarts ? places.length : -1;
        const { seen, stopped } = read([...places, ...restored], { restartAfter });
        expect(seen).toEqual(places);
        expect(stopped).toMatch('which is not the event that stood there before');
      }),
    );
  });
});

describe('a bookmark', () => {
  it('is not taken from another program or another directory', () => {
    const text = writeBookmark({ position: 3, id: 'e', sequence: 2 }, 'ada');
    expect(readBookmark(text, 'ada')).toEqual({ position: 3, id: 'e', sequence: 2 });
    for (const foreign of [readBookmark(text), readBookmark(text, 'bob'), readBookmark(''), readBookmark(null)]) {
      expect(foreign).toBeUndefined();
    }
  });

  it('is short enough for Kafka, which keeps 4,096 bytes', () => {
    const uuid = '0199f0c2-7b1e-7c3a-9d55-1f2e3d4c5b6a';
    const longest = { position: Number.MAX_SAFE_INTEGER, id: uuid, sequence: Number.MAX_SAFE_INTEGER };
    expect(writeBookmark(longest, uuid).length).toBeLessThan(4_096);
  });
});

it('knows the last thousand events again', () => {
  const places = feedOf(Array.from({ length: REMEMBERED_MAX + 1 }, () => 'ada'));
  expect(read([...places, ...places.slice(1)]).stopped).toBeUndefined();
  expect(read([...places, ...places]).stopped).toMatch('position 1 of partition 0');
});
