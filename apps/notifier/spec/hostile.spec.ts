import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { simpleParser } from 'mailparser';
import { message } from '../src/mail/message.js';
import { asHtml } from '../src/mail/html.js';
import { letterOf } from '../src/mail/parts.js';
import { asText } from '../src/mail/text.js';
import { subjectLine } from '../src/telling/subject-line.js';
import { subjectOf } from '../src/incident/subject.js';
import type { Notice } from '../src/telling/notice.js';
import { MAILS, STOP } from './mails.contract.js';

const RUNS = Number(process.env.HOSTILE_RUNS ?? 3_000);
/** Every so many is sent through the whole of nodemailer and read back; the others are looked at before that. */
const COMPOSED_EVERY = 100;

const TRICKS = [
  '\r\nBcc: eve@evil.example',
  '\nTo: eve@evil.example\n\nbody',
  '\u2028Cc: eve@evil.example',
  '\u0085X-Evil: 1',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><a href="javascript:alert(1)">x</a>',
  "' onmouseover='alert(1)",
  '&lt;b&gt;&amp;',
  '=?utf-8?B?PHNjcmlwdD4=?=',
  '\0\x1b[31m\x07',
  '\u202egnp.exe',
  '😀'.repeat(50),
  '\ud800',
  'a'.repeat(5_000),
  '<!--',
  '-->',
  ']]>',
  '</title><script>',
  '</td></tr></table>',
  ', eve@evil.example',
  '<eve@evil.example>',
  '"eve" <eve@evil.example>',
  '{{constructor}}',
  '${7*7}',
  '%0d%0aBcc:eve@evil.example',
];
const NAMES = ['Acme', 'ada', 'title must be a text.', 'Ünïcødé', ''];

/** The same run every time, from one seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ALLOWED = new Set([
  '!doctype',
  'html',
  'head',
  'meta',
  'title',
  'body',
  'div',
  'span',
  'h1',
  'h2',
  'p',
  'table',
  'tr',
  'td',
  'strong',
  'br',
  'ul',
  'li',
  'a',
]);

function nasty(below: (max: number) => number): string {
  const parts = Array.from({ length: 1 + below(3) }, () =>
    below(3) === 0 ? NAMES[below(NAMES.length)] : TRICKS[below(TRICKS.length)],
  );
  return parts.join('');
}

function hostileNotice(below: (max: number) => number): Notice {
  const notices = Object.values(MAILS);
  const base = notices[below(notices.length)] ?? notices[0];
  if (base === undefined) throw new Error('there are no mails');
  const directory = { ...base.directory, name: nasty(below) };
  const incidents = base.incidents.map((incident) => ({
    ...incident,
    attribute: incident.attribute === null ? null : nasty(below),
    rule: below(2) === 0 ? null : nasty(below),
    facts:
      incident.facts === null
        ? null
        : { ...incident.facts, keyName: nasty(below), keyId: nasty(below), successor: nasty(below) },
    examples: incident.examples.map((example) => ({
      ...example,
      target: nasty(below),
      detail: nasty(below),
      path: nasty(below),
      method: nasty(below),
      scimType: nasty(below),
    })),
  }));
  return { ...base, directory, incidents, subject: subjectLine(directory.name, incidents) };
}

describe(`${RUNS} names and details with line breaks, HTML and tricks on headers`, () => {
  it('inject no header, no recipient and no HTML', async () => {
    const below = chance(20260301);
    for (let run = 0; run < RUNS; run++) {
      const letter = letterOf(hostileNotice(below), STOP);
      // eslint-disable-next-line no-control-regex -- control characters are what this is about
      expect(letter.subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      const html = asHtml(letter);
      for (const [, tag = ''] of html.matchAll(/<\/?([!a-z][a-z0-9]*)/gi)) expect(ALLOWED).toContain(tag.toLowerCase());
      expect(/<[^>]*\son[a-z]+\s*=/i.exec(html)).toBeNull();
      expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([STOP]);
      if (run % COMPOSED_EVERY !== 0) continue;
      const mail = {
        messageId: 'a.1.b',
        references: [],
        date: new Date(0),
        to: 'ada@example.com',
        stop: STOP,
        ...letter,
        text: asText(letter),
        html,
      };
      const raw = await new MailComposer(message('Roster <roster@localhost>', mail)).compile().build();
      const read = await simpleParser(raw);
      expect(read.to).toMatchObject({ value: [{ address: 'ada@example.com' }] });
      expect([read.cc, read.bcc]).toEqual([undefined, undefined]);
      expect([...read.headers.keys()].sort()).toEqual(
        [
          'auto-submitted',
          'content-type',
          'date',
          'from',
          'list',
          'message-id',
          'mime-version',
          'subject',
          'to',
          'x-auto-response-suppress',
        ].sort(),
      );
    }
  }, 600_000);

  it('make no fingerprint of a person’s name', () => {
    const below = chance(7);
    const of = (name: string) =>
      subjectOf({
        failureClass: 'duplicate',
        scimType: 'uniqueness',
        detail: `Another user of this directory has the userName ${name}.`,
      });
    for (let run = 0; run < 1_000; run++) expect(of(nasty(below)).attribute).toBe('userName');
  });
});
