import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { NOTICE_KINDS } from '../src/telling/notice.js';
import { asHtml } from '../src/mail/html.js';
import { letterOf } from '../src/mail/parts.js';
import { asText } from '../src/mail/text.js';
import { MAILS, STOP } from './mails.contract.js';

const folder = new URL('../golden/', import.meta.url);

/** What a mail looked like when somebody last looked at it. `UPDATE_GOLDEN=1` keeps what it looks like now. */
function golden(name: string, now: string): string {
  const path = new URL(name, folder);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, now);
  }
  return readFileSync(path, 'utf8');
}

describe('a mail', () => {
  it('of every kind is among those that are held', () => {
    const kinds = new Set(Object.values(MAILS).map(({ kind }) => kind));
    expect([...NOTICE_KINDS].filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it.each(Object.entries(MAILS))('%s is as it was last looked at', (name, notice) => {
    const letter = letterOf(notice, STOP);
    const text = `Subject: ${letter.subject}\n\n${asText(letter)}`;
    expect(text).toBe(golden(`${name}.txt`, text));
    expect(asHtml(letter)).toBe(golden(`${name}.html`, asHtml(letter)));
    expect(text.split('\n').filter((line) => line.length > 100 && !line.includes('https://'))).toEqual([]);
  });
});
