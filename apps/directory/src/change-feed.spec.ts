import { readdirSync, readFileSync } from 'node:fs';
import { type DirectoryEvent, publicEvent, publicEventType } from '#libs/contracts';
import { asPublicEvent } from './change-feed.js';
import { type EventRow, recorded } from './store/recorded.js';
import { newestVersion } from './store/upcast/upcast.js';
import { upcasters } from './store/upcast/upcasters.js';

const GOLDEN = new URL('../../../libs/contracts/golden/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, GOLDEN), 'utf8'));

/** A row as it was stored when this form of it was shipped. */
function stored(file: string): EventRow {
  const row = read(`stored/${file}`) as EventRow & { recorded_at: string };
  return { ...row, recorded_at: new Date(row.recorded_at) };
}

// The compiler asks for a line here, and so for a golden file, when there is a new event.
const STORED: Record<DirectoryEvent['type'], readonly string[]> = {
  DirectoryCreated: ['v1'],
  DirectorySchemaExtended: ['v1'],
  DirectorySchemaReduced: ['v1'],
  UserCreated: ['v1'],
  UserUpdated: ['v1'],
  UserDeactivated: ['v1'],
  UserReactivated: ['v1'],
  UserDeleted: ['v1'],
  GroupCreated: ['v1'],
  GroupUpdated: ['v1'],
  GroupMembersAdded: ['v1'],
  GroupMembersRemoved: ['v1'],
  GroupDeleted: ['v1'],
};
const files = Object.entries(STORED).flatMap(([type, versions]) =>
  versions.map((version) => `${type}.${version}.json`),
);

describe('a stored event of any form that was ever shipped', () => {
  it('has a golden file, and there are no others', () => {
    expect(readdirSync(new URL('stored/', GOLDEN)).sort()).toEqual([...files].sort());
  });

  it.each(files)('%s is read, and told to subscribers as its golden file says', (file) => {
    const told = asPublicEvent(recorded(stored(file)));
    expect(JSON.parse(JSON.stringify(told))).toEqual(read(`public/${told.type}.json`));
  });

  it.each(Object.entries(STORED))('has a step for each version of %s but the newest', (type, versions) => {
    const known = newestVersion(upcasters, type as DirectoryEvent['type']);
    expect(versions).toEqual(Array.from({ length: known }, (_, at) => `v${at + 1}`));
  });

  it('is refused when its form is not known', () => {
    const row = stored('UserCreated.v1.json');
    for (const schema_version of [0, newestVersion(upcasters, 'UserCreated') + 1]) {
      expect(() => recorded({ ...row, schema_version })).toThrow(
        `is a UserCreated of version ${schema_version}, which this program does not know`,
      );
    }
    expect(() => recorded({ ...row, type: 'UserPromoted' })).toThrow('UserPromoted of version 1');
  });
});

describe('a public event', () => {
  it('of each type has a golden file, and there are no others', () => {
    const names = publicEventType.options.map((type) => `${type}.json`);
    expect(readdirSync(new URL('public/', GOLDEN)).sort()).toEqual(names.sort());
  });

  it.each(publicEventType.options)('%s still parses, with nothing left out', (type) => {
    const golden = read(`public/${type}.json`);
    expect(publicEvent.parse(golden)).toEqual(golden);
  });
});
