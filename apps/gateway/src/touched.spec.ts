import { touchedBy } from './touched.js';

describe('what a PATCH is about', () => {
  it('is told by the paths of its operations, and by the keys where there is no path', () => {
    const Operations = [
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'a@example.com' },
      { op: 'replace', value: { displayName: 'Ada', 'name.givenName': 'Ada' } },
      { op: 'Add', path: 'members', value: Array.from({ length: 500 }, (_, at) => ({ value: String(at) })) },
    ];
    expect(touchedBy({ Operations })).toEqual([
      'emails[type eq "work"].value',
      'displayName',
      'name.givenName',
      'members',
    ]);
  });

  it('is short, whatever comes', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({ op: 'add', path: `p${at}`.repeat(200), value: 1 }));
    expect(JSON.stringify(touchedBy({ Operations: many })).length).toBeLessThan(10_000);
    for (const odd of [undefined, null, 'text', [], {}, { Operations: 3 }, { Operations: [null, 1, 'a', {}] }]) {
      expect(touchedBy(odd)).toEqual([]);
    }
  });
});
