import { ada, bob, failed, NotifierUnderTest } from './notifier-under-test.contract.js';

let notifier: NotifierUnderTest;

beforeEach(async () => {
  notifier = await NotifierUnderTest.make();
});

afterEach(() => notifier.end());

describe('a mail server that is away for two hours', () => {
  it('gets everything afterwards, in order, also when the notifier was started again meanwhile', async () => {
    await notifier.start();
    await notifier.tell([ada, bob]);
    await notifier.mail.close();
    for (let minute = 0; minute < 120; minute += 15) {
      await notifier.hear([failed({ target: `user-${minute}` })]);
      notifier.clock.turn(900);
      await notifier.settled();
      if (minute === 60) {
        await notifier.stop();
        await notifier.start();
      }
    }
    const waiting = await notifier.database.query<{ step: number; address: string }>(
      'waiting',
      'select step, address from delivery where done_at is null order by number',
    );
    expect(waiting.length).toBeGreaterThanOrEqual(4);
    await notifier.mail.open();
    notifier.clock.turn(900);
    await notifier.comesTrue(() => expect(notifier.mail.delivered.length).toBeGreaterThanOrEqual(waiting.length));
    for (const address of [ada, bob]) {
      const dates = notifier.mail.to(address).map(({ date }) => date?.getTime() ?? 0);
      expect(dates).toEqual([...dates].sort((a, b) => a - b));
      const ids = notifier.mail.to(address).map(({ messageId }) => messageId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(notifier.mail.to(address)[0]?.subject).not.toMatch(/^Re: /);
    }
  }, 120_000);

  it('is tried for two days and no longer', async () => {
    await notifier.start();
    await notifier.tell([ada]);
    await notifier.mail.close();
    await notifier.hear([failed()]);
    notifier.clock.turn(31);
    await notifier.settled();
    notifier.clock.turn(2 * 24 * 3600);
    await notifier.comesTrue(async () => {
      const [row] = await notifier.database.query<{ given_up: number }>(
        'given_up',
        'select count(*)::int as given_up from delivery where given_up_at is not null',
      );
      expect(row?.given_up).toBe(1);
    });
  });
});
