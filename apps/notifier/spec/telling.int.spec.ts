import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { NotifierCommand } from '#libs/contracts';
import { acme, ada, bob, failed, globex, NotifierUnderTest, succeeded } from './notifier-under-test.contract.js';

let notifier: NotifierUnderTest;

beforeEach(async () => {
  notifier = await NotifierUnderTest.make();
});

afterEach(() => notifier.end());

describe('a failed request', () => {
  it('becomes one mail to each address of its directory, saying what failed and what to do', async () => {
    await notifier.start();
    await notifier.tell([ada, bob, 'ADA@example.com']);
    await notifier.tell(['eve@example.com'], globex, 'Globex');
    await notifier.hear([failed()]);
    notifier.clock.turn(31);
    await notifier.mails(2);
    const [mail] = notifier.mail.to(ada);
    expect(notifier.mail.to(bob)).toHaveLength(1);
    expect(mail?.subject).toBe('Provisioning to Acme fails: The name is taken (userName)');
    expect(mail?.from?.value).toEqual([{ name: 'Roster', address: 'roster@localhost' }]);
    expect(mail?.text).toContain('1 request to the directory “Acme” failed since 2026-03-01 10:00 UTC.');
    expect(mail?.text).toContain('grace@example.com: 409 uniqueness');
    expect(mail?.text).toMatch(/In Entra:[\s\S]+In Roster:/);
    expect(mail?.html).toContain('The name is taken: userName');
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(JSON.stringify(mail)).not.toContain('countess');
  });

  it('keeps its thread, offers a way out, and is over when what failed succeeds', async () => {
    await notifier.start();
    await notifier.tell([ada]);
    await notifier.hear([failed(), failed({ target: 'alan' })]);
    notifier.clock.turn(31);
    await notifier.mails(1);
    await notifier.hear([succeeded()]);
    expect(await notifier.incidents()).toMatchObject([{ status: 'open', failing: 1 }]);
    await notifier.hear([succeeded({ target: 'ALAN' })]);
    expect(await notifier.incidents()).toMatchObject([{ status: 'resolved', because: 'success', failing: 0 }]);
    notifier.clock.turn(61);
    await notifier.mails(2);
    const [opened, over] = notifier.mail.to(ada);
    expect(over?.subject).toBe(`Re: ${opened?.subject}`);
    expect(over?.text).toContain('Over: what failed in the directory “Acme” works again.');
    expect(over?.inReplyTo).toBe(opened?.messageId);
    expect(over?.references).toBe(opened?.messageId);
    const [raw] = notifier.mail.delivered.map((each) => each.raw);
    expect(raw).toMatch(/^List-Unsubscribe:\s+<https:\/\/roster\.example\.com\/notify\/stop\/[\w.-]+>/m);
    expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
  });

  it('for a token is told at once, by night too, and is over when a request comes with one', async () => {
    await notifier.start();
    await notifier.tell([ada]);
    const quiet = { from: '00:00', to: '23:59' };
    await notifier.ask({ do: 'set-wishes', directoryName: 'Acme', quiet }, 'telling');
    const refused = {
      path: '/oauth2/token',
      resourceType: null,
      target: null,
      status: 401,
      scimType: 'invalid_client',
    };
    const detail = 'This secret has expired.';
    await notifier.hear([failed({ ...refused, keyId: 'rc_client0001', detail, request: null, count: 40 })]);
    notifier.clock.turn(31);
    await notifier.mails(1);
    const [mail] = notifier.mail.to(ada);
    expect(mail?.subject).toBe('Provisioning to Acme fails: Entra cannot get a token: the client secret has ended');
    expect(mail?.text).toContain('40 requests to the directory “Acme” failed');
    expect(mail?.text).toMatch(/In Entra:[\s\S]+Client Secret[\s\S]+In Roster:[\s\S]+roster client\s+add-secret/);
    await notifier.hear([succeeded({ keyId: 'rc_client0001' })]);
    expect(await notifier.incidents()).toMatchObject([{ class: 'client-secret-ended', status: 'resolved' }]);
  });

  it('is counted once, however often the log hands it over, and tells nobody when everything is read again', async () => {
    await notifier.start();
    await notifier.tell([ada]);
    const id = '0197a000-0000-7000-8000-0000000000aa';
    await notifier.hear([{ id }]);
    notifier.clock.turn(31);
    await notifier.mails(1);
    const again = notifier.said(id, acme, {});
    again.time = '2026-03-01T10:00:00.000Z';
    const old = Array.from({ length: 40 }, (_, at) => ({
      ...notifier.said(`0197a000-0000-7000-8000-0000000001${String(at).padStart(2, '0')}`, acme, {}),
      time: '2026-02-27T10:00:00.000Z',
    }));
    for (const said of [again, ...old]) {
      await notifier.log.send('provisioning.activity', [{ key: acme, value: JSON.stringify(said) }]);
    }
    await notifier.comesTrue(async () => expect(await notifier.count('activity')).toBe(41));
    expect(await notifier.incidents()).toMatchObject([{ failures: 1 }]);
    notifier.clock.turn(3600);
    await notifier.settled();
    expect(notifier.mail.delivered).toHaveLength(1);
  });

  it('is none when a source only looks whether somebody is there, or nobody knows whose it is', async () => {
    await notifier.start();
    await notifier.hear([
      { method: 'GET', status: 404, scimType: null },
      { method: 'DELETE', status: 404, scimType: null },
      { status: 401, of: null },
    ]);
    expect(await notifier.incidents()).toEqual([]);
  });

  it('is told to whoever is named later, as long as it lasts', async () => {
    await notifier.start();
    await notifier.hear([failed()]);
    notifier.clock.turn(600);
    await notifier.tell([bob]);
    notifier.clock.turn(5);
    await notifier.mails(1);
    expect(notifier.mail.to(bob)).toHaveLength(1);
  });
});

describe('an incident', () => {
  it('is told no more of when somebody has taken it on, and once more when it is over', async () => {
    await notifier.start();
    await notifier.tell([ada]);
    await notifier.hear([failed()]);
    notifier.clock.turn(31);
    await notifier.mails(1);
    const [incident] = await notifier.incidents();
    const id = incident?.id ?? '';
    await notifier.ask({ do: 'acknowledge-incident', id }, 'incident');
    await notifier.hear([failed({ target: 'another' })]);
    notifier.clock.turn(100_000);
    await notifier.settled();
    expect(notifier.mail.delivered).toHaveLength(1);
    const { history, incident: over } = await notifier.ask({ do: 'resolve-incident', id }, 'incident');
    expect(over).toMatchObject({ status: 'resolved', because: 'hand', failing: 0 });
    expect(history.map(({ type, by }) => [type, by])).toEqual([
      ['IncidentOpened', null],
      ['IncidentAcknowledged', 'spec'],
      ['IncidentResolved', 'spec'],
    ]);
    notifier.clock.turn(61);
    await notifier.mails(2);
  });

  it('is silent while it is muted', async () => {
    await notifier.start();
    await notifier.tell([ada]);
    await notifier.hear([failed()]);
    const [incident] = await notifier.incidents();
    await notifier.ask({ do: 'mute-incident', id: incident?.id ?? '', until: '2026-03-01T11:00:00Z' }, 'incident');
    notifier.clock.turn(3_000);
    await notifier.settled();
    expect(notifier.mail.delivered).toEqual([]);
    notifier.clock.turn(605);
    await notifier.mails(1);
  });

  it('says who asks for one that there is not', async () => {
    await notifier.start();
    const id = '0197a000-0000-7000-8000-0000000000ff';
    expect(await notifier.reply({ do: 'show-incident', id })).toMatchObject({ outcome: 'refused', code: 'not-found' });
    expect(await notifier.reply({ do: 'resolve-incident', id })).toMatchObject({
      outcome: 'refused',
      code: 'not-found',
    });
  });
});

describe('who is told', () => {
  it('must be addresses, of a directory', async () => {
    await notifier.start();
    const set: NotifierCommand = { do: 'set-addresses', addresses: ['nobody'], directoryName: 'Acme' };
    expect(await notifier.reply(set)).toMatchObject({
      outcome: 'refused',
      text: expect.stringContaining('addresses.0'),
    });
    expect(await notifier.reply({ ...set, addresses: [ada] }, null)).toMatchObject({ outcome: 'refused' });
    expect(await notifier.reply({ do: 'set-wishes', directoryName: 'Acme', timeZone: 'Mars/North' })).toMatchObject({
      outcome: 'refused',
    });
  });

  it('is not kept from others by an address that is refused; that one is told nothing after three times, until it is named again', async () => {
    notifier.mail.refused.add(ada);
    await notifier.start();
    await notifier.tell([ada, bob]);
    await notifier.hear([failed()]);
    notifier.clock.turn(31);
    await notifier.mails(1);
    for (const seconds of [6, 11, 30]) {
      notifier.clock.turn(seconds);
      await notifier.settled();
    }
    expect(notifier.mail.asked.filter((address) => address === ada)).toHaveLength(3);
    const shown = await notifier.ask({ do: 'show-telling' }, 'telling');
    expect(shown.addresses).toMatchObject([
      { address: ada, state: expect.stringContaining('refused for good') },
      { address: bob, state: 'ok' },
    ]);
    notifier.mail.refused.clear();
    await notifier.tell([ada, bob]);
    await notifier.ask({ do: 'send-test', directoryName: 'Acme' }, 'told');
    await notifier.mails(3);
    expect(notifier.mail.to(ada)[0]?.subject).toBe('Roster: a test for Acme');
  });

  it('gets no more after one click on the way out, and nobody else is concerned', async () => {
    await notifier.start();
    await notifier.tell([ada, bob]);
    await notifier.hear([failed()]);
    notifier.clock.turn(31);
    await notifier.mails(2);
    const link = /\/notify\/stop\/([\w-]+\.[\w-]+)/.exec(notifier.mail.to(ada)[0]?.text ?? '')?.[1] ?? '';
    expect(await notifier.reply({ do: 'unsubscribe', token: `${link}x` }, null)).toMatchObject({ outcome: 'refused' });
    await notifier.ask({ do: 'unsubscribe', token: link }, 'told', null);
    const shown = await notifier.ask({ do: 'show-telling' }, 'telling');
    expect(shown).toMatchObject({ addresses: [{ address: bob }], unsubscribed: [{ address: ada }] });
    await notifier.hear([failed({ target: 'another' })]);
    notifier.clock.turn(400);
    await notifier.mails(3);
    expect(notifier.mail.to(bob)).toHaveLength(2);
  });

  it('is not woken at night but for what is critical, and has a digest instead when that is wished for', async () => {
    await notifier.start();
    await notifier.tell([ada]);
    const quiet = { from: '09:00', to: '12:00' };
    await notifier.ask({ do: 'set-wishes', directoryName: 'Acme', quiet }, 'telling');
    await notifier.hear([failed()]);
    notifier.clock.turn(3600);
    await notifier.settled();
    expect(notifier.mail.delivered).toEqual([]);
    await notifier.hear([
      { status: 401, scimType: null, detail: 'This key has expired.', target: null, method: 'GET' },
    ]);
    notifier.clock.turn(31);
    await notifier.mails(1);
    expect(notifier.mail.to(ada)[0]?.subject).toContain('The key has expired');
    await notifier.ask({ do: 'set-wishes', directoryName: 'Acme', quiet: null, digestAt: '08:00' }, 'telling');
    notifier.clock.turn(3600);
    await notifier.settled();
    expect(notifier.mail.delivered).toHaveLength(1);
    notifier.clock.turn(20 * 3600);
    await notifier.comesTrue(() => {
      expect(notifier.mail.to(ada).map(({ subject }) => subject)).toContain('Provisioning to Acme: the day');
    });
  });

  it('finds mails as files when there is no mail server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'notifier-'));
    const written: string[] = [];
    await notifier.start({ mail: { from: 'roster@localhost', folder }, mailWritten: (path) => written.push(path) });
    await notifier.tell([ada]);
    await notifier.hear([failed()]);
    notifier.clock.turn(31);
    await notifier.comesTrue(() => expect(written).toHaveLength(1));
    expect(await readdir(folder)).toHaveLength(1);
    const mail = await simpleParser(await readFile(written[0] ?? ''));
    expect(mail.to).toMatchObject({ value: [{ address: ada }] });
    await rm(folder, { recursive: true });
  });
});

describe('two notifiers', () => {
  it('send each mail once', async () => {
    await notifier.start();
    await notifier.startApart();
    const names = Array.from({ length: 12 }, (_, at) => `0197a000-0000-7000-8000-0000000000${String(at + 10)}`);
    for (const of of names) await notifier.tell([ada, bob], of, `Directory ${of.slice(-2)}`);
    await notifier.hear(names.map((of) => ({ of })));
    notifier.clock.turn(31);
    await notifier.mails(24);
    notifier.clock.turn(5);
    await notifier.settled();
    const ids = notifier.mail.delivered.map(({ mail }) => mail.messageId);
    expect(new Set(ids).size).toBe(24);
    expect(ids).toHaveLength(24);
  });
});
