import { readdirSync, readFileSync } from 'node:fs';
import { asPublicEvent } from '../../change-feed.js';
import { type EventRow, recorded } from '../recorded.js';
import type { Upcaster, Upcasters } from './upcast.js';
import { upcasters } from './upcasters.js';

const GOLDEN = new URL('../../../../../libs/contracts/golden/stored/', import.meta.url);

function stored(file: string): EventRow {
  const row = JSON.parse(readFileSync(new URL(file, GOLDEN), 'utf8')) as EventRow & { recorded_at: string };
  return { ...row, recorded_at: new Date(row.recorded_at) };
}

type Data = Readonly<Record<string, unknown>>;
const attributesOf = ({ attributes }: Data) => attributes as Record<string, unknown>;

// As if userName had been called login in version 1, and its case had been left to chance until version 3.
const renamed: Upcaster = (data) => {
  const { login, ...rest } = attributesOf(data);
  return { ...data, attributes: { ...rest, userName: login } };
};
const lowered: Upcaster = (data) => {
  const { userName, ...rest } = attributesOf(data);
  return { ...data, attributes: { ...rest, userName: String(userName).toLowerCase() } };
};
const longer: Upcasters = { ...upcasters, UserCreated: [renamed, lowered] };

const row = stored('UserCreated.v1.json');
const withAttributes = (version: number, attributes: object): EventRow => ({
  ...row,
  schema_version: version,
  data: { ...row.data, attributes },
});

describe('an event of a type that has had three forms', () => {
  it.each([
    [1, { login: 'Ada@Example.com' }],
    [2, { userName: 'Ada@Example.com' }],
    [3, { userName: 'ada@example.com' }],
  ])('is read from version %i as one of the newest', (version, attributes) => {
    const read = recorded(withAttributes(version, attributes), longer);
    expect(read).toMatchObject({ schemaVersion: 3, event: { data: { attributes: { userName: 'ada@example.com' } } } });
    expect(asPublicEvent(read).data.resource).toMatchObject({ userName: 'ada@example.com' });
  });

  it('leaves what is stored as it was', () => {
    const before = withAttributes(1, { login: 'Ada' });
    const copy = structuredClone(before);
    recorded(before, longer);
    expect(before).toEqual(copy);
  });

  it('is refused in a fourth', () => {
    expect(() => recorded(withAttributes(4, {}), longer)).toThrow(
      'UserCreated of version 4, which this program does not',
    );
  });
});

describe('a form that has no step of its own', () => {
  const others = readdirSync(GOLDEN).filter((file) => !file.startsWith('UserCreated.'));

  it.each(others)('is read from %s as it was stored, whatever steps others have', (file) => {
    const { type, data, schema_version } = stored(file);
    expect(recorded(stored(file), longer)).toMatchObject({ schemaVersion: schema_version, event: { type, data } });
  });
});
