import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ada, bob, failed, NotifierUnderTest } from './notifier-under-test.contract.js';

/** `npm run test:kills` kills two hundred times; a few are enough to see that it still holds. */
const KILLS = Number(process.env.KILLS ?? 6);
const SENDER = fileURLToPath(new URL('./sender.mjs', import.meta.url));

let notifier: NotifierUnderTest;
let child: ChildProcess | undefined;

beforeEach(async () => {
  notifier = await NotifierUnderTest.make();
});

afterEach(async () => {
  child?.kill('SIGKILL');
  await notifier.end();
});

describe(`a notifier that is killed ${KILLS} times while it sends`, () => {
  it('leaves no incident without its mail, and repeats at most one mail a kill, with the same Message-ID', async () => {
    const directories = Array.from(
      { length: KILLS * 2 },
      (_, at) => `0197a000-0000-7000-8000-${String(at + 1).padStart(12, '0')}`,
    );
    await notifier.start();
    for (const of of directories) await notifier.tell([ada, bob], of, `Directory ${of.slice(-4)}`);
    await notifier.hear(
      directories.map((of) => failed({ target: of })).map((data, at) => ({ ...data, of: directories[at] })),
    );
    await notifier.stop();
    notifier.clock.turn(31);

    let kills = 0;
    let untilKill = 1;
    notifier.mail.taken = () => {
      if (kills >= KILLS || child === undefined || --untilKill > 0) return;
      kills += 1;
      untilKill = 1 + (kills % 3);
      const victim = child;
      // Before the 250, just after it, or a moment later, when the commit may be through or not.
      if (kills % 3 === 0) victim.kill('SIGKILL');
      else setTimeout(() => victim.kill('SIGKILL'), kills % 3 === 1 ? 0 : 2);
    };
    const wanted = directories.length * 2;
    const distinct = () => new Set(notifier.mail.delivered.map(({ mail }) => mail.messageId)).size;
    while (distinct() < wanted || kills < KILLS) {
      child = spawn(
        process.execPath,
        [SENDER, notifier.databaseUrl, notifier.mail.url, notifier.clock.now().toISOString()],
        { stdio: 'inherit' },
      );
      const ended = once(child, 'exit');
      const done = notifier.comesTrue(() => expect(distinct()).toBe(wanted)).catch(() => undefined);
      await Promise.race([ended, done]);
      child.kill('SIGKILL');
      await ended;
    }
    expect(kills).toBe(KILLS);
    expect(distinct()).toBe(wanted);
    expect(notifier.mail.delivered.length - wanted).toBeLessThanOrEqual(KILLS);
    for (const address of [ada, bob]) {
      expect(new Set(notifier.mail.to(address).map(({ messageId }) => messageId)).size).toBe(directories.length);
    }
  }, 1_200_000);
});
