// Fills a directory with users through the engine's own decisions and its one commit statement, so that events, read model,
// answers and counters are what they would be had every user come over HTTP; only the bus and HTTP are left out.
import { randomUUID } from 'node:crypto';
import { commit } from '../../dist/apps/directory/src/engine/commit.js';
import { decideBatch } from '../../dist/apps/directory/src/engine/batch.js';
import { claim } from '../../dist/apps/directory/src/engine/owners.js';
import { openDatabase } from '../../dist/libs/postgres/src/index.js';

const BATCH = 1_000;

/** What one user of a filled directory is called. */
export const nameOf = (number) => `user-${number}@scale.example.com`;

/** What such a user has. */
export function attributesOf(number) {
  const userName = nameOf(number);
  return {
    userName,
    externalId: userName,
    active: true,
    name: { familyName: 'Lovelace', givenName: 'Ada' },
    emails: [{ type: 'work', value: userName, primary: true }],
  };
}

/** Adds users number `from` to `to` (not included) to the directory of this id. `url` is the directory service's database. */
export async function fill({ url, directory, from, to, schema = 'directory', progress = () => undefined }) {
  const database = openDatabase({ url, schema, poolMax: 4 });
  const [{ partition }] = await database.query('where', 'select partition from directory where id = $1', [directory]);
  let [owner] = await claim(database, [partition]);
  const known = new Map();
  for (let first = from; first < to; first += BATCH) {
    const placed = [];
    for (let number = first; number < Math.min(to, first + BATCH); number += 1) {
      placed.push({ partition, offset: 0n, request: request(directory, number) });
    }
    const positions = new Map([[partition, owner.lastPosition]]);
    const broken = (_, error) => {
      throw error;
    };
    const decided = await decideBatch(database, placed, positions, known, new Date().toISOString(), broken);
    const step = {
      partition,
      epoch: owner.epoch,
      expectedOffset: owner.nextOffset,
      nextOffset: owner.nextOffset ?? 0n,
      expectedPosition: owner.lastPosition,
      lastPosition: owner.lastPosition + decided.events.length,
    };
    if (decided.events.length !== placed.length) throw new Error('not every user was made');
    await commit(database, [step], decided);
    known.set(directory, decided.world.directory(directory));
    owner = { ...owner, nextOffset: step.nextOffset, lastPosition: step.lastPosition };
    progress(first + placed.length);
  }
  await database.close();
}

function request(directory, number) {
  const id = randomUUID();
  return {
    id,
    correlationId: id,
    actor: { kind: 'operator', id: 'fill' },
    directory,
    data: { do: 'create-user', id: timeOrdered(), attributes: attributesOf(number) },
  };
}

/** A UUID of version 7, as the gateway makes them. */
function timeOrdered() {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
