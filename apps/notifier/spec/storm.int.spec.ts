import { ada, bob, failed, NotifierUnderTest } from './notifier-under-test.contract.js';

let notifier: NotifierUnderTest;

beforeEach(async () => {
  notifier = await NotifierUnderTest.make();
});

afterEach(() => notifier.end());

const SECONDS = 60;
const KINDS = [
  { times: 5_000, scimType: 'uniqueness', status: 409, detail: 'Another user of this directory has the userName x.' },
  { times: 3_000, scimType: 'invalidValue', status: 400, detail: 'title must be a text.' },
  { times: 2_000, scimType: 'invalidPath', status: 400, detail: 'The path is not valid at position 7: no such thing.' },
];

describe('10,000 failures of three kinds in a minute', () => {
  it('are at most three mails to each address in the first hour, with exact counts and every kind explained', async () => {
    await notifier.start();
    await notifier.tell([ada, bob]);
    let person = 0;
    let firstMailAfter: number | undefined;
    for (let second = 0; second < SECONDS; second++) {
      const round = KINDS.flatMap(({ times, ...kind }) =>
        Array.from(
          { length: Math.floor((times * (second + 1)) / SECONDS) - Math.floor((times * second) / SECONDS) },
          () => failed({ ...kind, target: `user-${++person}` }),
        ),
      );
      await notifier.hear(round);
      notifier.clock.turn(1);
      if (second === 44) await notifier.comesTrue(() => expect(notifier.mail.delivered.length).toBeGreaterThan(0));
      if (firstMailAfter === undefined && notifier.mail.delivered.length > 0) firstMailAfter = second + 1;
    }
    expect(firstMailAfter).toBeLessThanOrEqual(45);
    for (let minute = 1; minute < 60; minute++) {
      notifier.clock.turn(60);
      if (minute % 6 === 0) await notifier.settled();
    }
    await notifier.settled();
    for (const address of [ada, bob]) {
      const all = notifier.mail.to(address);
      expect(all.length).toBeLessThanOrEqual(3);
      // So many that fail of so few are near Entra's line, too, which is told in a thread of its own.
      const mails = all.filter(({ subject }) => !subject?.includes('Entra is about to stop'));
      expect(mails).toHaveLength(2);
      const last = mails.at(-1);
      expect(last?.text).toContain('10,000 requests to the directory “Acme” failed');
      for (const words of ['5,000 requests', '3,000 requests', '2,000 requests']) expect(last?.text).toContain(words);
      for (const mail of mails) {
        for (const title of [
          'The name is taken: userName',
          'A value is missing or of the wrong kind: title',
          'The change is about an attribute that is not there',
        ]) {
          expect(mail.text?.replace(/\s+/g, ' ')).toContain(title);
        }
      }
      expect(new Set(mails.map(({ subject }) => subject?.replace(/^Re: /, ''))).size).toBe(1);
    }
    // The nearness to Entra's line is an incident of its own.
    const incidents = (await notifier.incidents()).filter((incident) => incident.class !== 'quarantine-risk');
    expect(incidents.map(({ failures, failing }) => [failures, failing]).sort()).toEqual([
      [2_000, 2_000],
      [3_000, 3_000],
      [5_000, 5_000],
    ]);
  }, 120_000);
});
