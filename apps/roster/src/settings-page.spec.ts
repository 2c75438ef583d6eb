import { readFileSync } from 'node:fs';
import { described, settingsTable } from './settings-page.js';

describe('every setting', () => {
  it('says what it means', () => {
    expect(described().filter(({ meaning }) => meaning === '')).toEqual([]);
  });

  it('stands in docs/operations.md as it is (`npm run docs` puts it there)', () => {
    expect(readFileSync('docs/operations.md', 'utf8')).toContain(`\n${settingsTable()}\n`);
  });

  it('is a secret everywhere or nowhere', () => {
    const kinds = new Map<string, Set<boolean>>();
    for (const { name, isSecret } of described()) kinds.set(name, (kinds.get(name) ?? new Set()).add(isSecret));
    expect([...kinds].filter(([, kind]) => kind.size > 1)).toEqual([]);
    expect([...kinds].flatMap(([name, kind]) => (kind.has(true) ? name : [])).sort()).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'KAFKA_PASSWORD', 'SMTP_URL']),
    );
  });
});
