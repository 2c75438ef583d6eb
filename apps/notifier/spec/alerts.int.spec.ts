import { randomUUID } from 'node:crypto';
import { ALL_DIRECTORIES, topics } from '#libs/contracts';
import { acme, ada, bob as ops, NotifierUnderTest, succeeded } from './notifier-under-test.contract.js';

let notifier: NotifierUnderTest;

beforeEach(async () => {
  notifier = await NotifierUnderTest.make();
  await notifier.start();
  await notifier.tell([ada]);
});

afterEach(() => notifier.end());

const subjects = () => notifier.mail.to(ada).map(({ subject }) => subject);

describe('people are told', () => {
  it('when nothing comes any more from a source that was active, and when it comes again', async () => {
    for (let cycle = 0; cycle < 4; cycle++) {
      await notifier.hear([succeeded({ method: 'GET', status: 200, target: null })]);
      notifier.clock.turn(40 * 60);
    }
    notifier.clock.turn(140 * 60);
    await notifier.comesTrue(async () =>
      expect(await notifier.incidents()).toMatchObject([{ class: 'silent', status: 'open' }]),
    );
    notifier.clock.turn(31);
    await notifier.mails(1);
    expect(subjects()).toEqual(['Acme: Nothing comes from Entra any more']);
    await notifier.hear([succeeded({ method: 'GET', status: 200, target: null })]);
    await notifier.comesTrue(async () => expect(await notifier.incidents()).toMatchObject([{ status: 'resolved' }]));
    notifier.clock.turn(61);
    await notifier.mails(2);
    expect(notifier.mail.to(ada)[1]?.text).toContain('Over: requests come to the directory “Acme” again.');
  });

  it('when a key ends, step by step, each once', async () => {
    const id = randomUUID();
    const tell = async (daysLeft: number, message = randomUUID()) => {
      const data = {
        credential: 'key',
        id: 'k3y0000001',
        name: 'Entra',
        client: null,
        expiresAt: '2026-03-31T10:00:00.000Z',
        daysLeft,
        successor: null,
        lastUsedAt: '2026-03-01T09:59:00.000Z',
      };
      const said = { id: message, type: 'keys.expiry', schemaVersion: 1, time: notifier.clock.now().toISOString() };
      const more = {
        correlationId: message,
        causationId: null,
        actor: { kind: 'system', id: 'keys' },
        directory: acme,
        data,
      };
      await notifier.log.send(topics.keysNotices.name, [{ key: acme, value: JSON.stringify({ ...said, ...more }) }]);
    };
    await tell(30, id);
    await tell(30, id);
    await notifier.comesTrue(async () =>
      expect(await notifier.incidents()).toMatchObject([{ class: 'key-expiring', failures: 1 }]),
    );
    notifier.clock.turn(31);
    await notifier.mails(1);
    expect(notifier.mail.to(ada)[0]?.text?.replace(/\s+/g, ' ')).toContain(
      'ends on 2026-03-31 10:00 UTC: 30 days are left.',
    );
    notifier.clock.turn(23 * 24 * 3600);
    await notifier.settled();
    await tell(7);
    await notifier.comesTrue(async () => expect(await notifier.incidents()).toMatchObject([{ failures: 2 }]));
    notifier.clock.turn(5);
    await notifier.mails(2);
    expect(notifier.mail.to(ada)[1]?.text?.replace(/\s+/g, ' ')).toContain('7 days are left');
    notifier.clock.turn(7 * 24 * 3600);
    await tell(0);
    await notifier.comesTrue(async () =>
      expect((await notifier.incidents()).map((incident) => [incident.class, incident.status]).sort()).toEqual([
        ['key-ended', 'open'],
        ['key-expiring', 'resolved'],
      ]),
    );
    notifier.clock.turn(31);
    await notifier.mails(3);
    expect(subjects()[2]).toBe('Acme: A key has ended');
  });

  it('when a client’s secret ends that reaches all directories: to who is named for that, whenever they are', async () => {
    const data = {
      credential: 'client-secret',
      id: 's3cret0001',
      name: 'Automation',
      client: 'rc_client0001',
      expiresAt: '2026-03-31T10:00:00.000Z',
      daysLeft: 30,
      successor: null,
      lastUsedAt: null,
    };
    const id = randomUUID();
    const said = { id, type: 'keys.expiry', schemaVersion: 1, time: notifier.clock.now().toISOString() };
    const more = { correlationId: id, causationId: null, actor: { kind: 'system', id: 'keys' }, directory: null, data };
    await notifier.log.send(topics.keysNotices.name, [{ key: 'all', value: JSON.stringify({ ...said, ...more }) }]);
    await notifier.comesTrue(async () =>
      expect(await notifier.incidents(ALL_DIRECTORIES)).toMatchObject([{ class: 'key-expiring', status: 'open' }]),
    );
    notifier.clock.turn(3600);
    await notifier.settled();
    expect(notifier.mail.delivered).toEqual([]);
    await notifier.tell([ops], ALL_DIRECTORIES, 'All directories');
    await notifier.mails(1);
    const [mail] = notifier.mail.to(ops);
    expect(mail?.subject).toBe('All directories: A key will end soon');
    expect(mail?.text?.replace(/\s+/g, ' ')).toContain(
      'The secret of the client “Automation” (s3cret0001) that reaches all directories ends on 2026-03-31 10:00 UTC',
    );
    expect(mail?.text).toContain('roster client add-secret');
  });

  it('when more than a tenth of the users go within an hour, and not before', async () => {
    const users = Array.from({ length: 61 }, () => randomUUID());
    await notifier.directoryOf(500);
    await notifier.gone(users.slice(0, 50));
    await notifier.settled();
    expect(await notifier.incidents()).toEqual([]);
    await notifier.gone(users);
    await notifier.comesTrue(async () =>
      expect(await notifier.incidents()).toMatchObject([{ class: 'mass-deprovision' }]),
    );
    notifier.clock.turn(31);
    await notifier.mails(1);
    expect(notifier.mail.to(ada)[0]?.text?.replace(/\s+/g, ' ')).toContain(
      '61 users of the directory “Acme” were disabled or deleted within an hour; 500 are left.',
    );
  });
});
