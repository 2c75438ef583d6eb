import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { USER_MATCH } from '../src/mapping/user-match.js';
import type { Settings } from '../src/play.js';
import { noRecording, recordingIn, RecordingError, type Exchange } from '../src/protocol/recording.js';
import { enterpriseOf, objects as objectsIn, tidied, type Json as ScimObject } from './small-patch.js';
import { chaos, run as played } from './run.js';
import { TOKEN, error, smallServer, type Faults } from './small-server.js';

type Server = Awaited<ReturnType<typeof smallServer>>;

let server: Server;

const start = async (faults?: Faults) => {
  server = await smallServer(faults);
};

afterEach(() => server.close());

const run = (settings: Partial<Settings> = {}, recording = noRecording) => played(server, settings, recording);

const writes = () => server.asked.filter(({ method }) => method !== 'GET');

describe.each(['legacy', 'flag', 'validator', 'mixed', 'any'] as const)('three cycles in the %s dialect', (dialect) => {
  beforeEach(() => start());

  it('go through without a failure, and something of everything happens', async () => {
    const { total, cycles, reasons } = await run({ dialect });

    expect(reasons).toEqual([]);
    expect(total.failed).toBe(0);
    expect(cycles).toHaveLength(3);
    expect(cycles[0]).toMatchObject({ created: 44, updated: 0, disabled: 0, deleted: 0 });
    expect(cycles[1]).toMatchObject({ created: 1, disabled: 3, deleted: 2 });
    expect(cycles[2]).toMatchObject({ created: 1, disabled: 3, restored: 2, deleted: 2 });
    expect(total.writes).toBe(writes().length);
    expect(total.requests).toBe(server.asked.length);
    expect(server.resources.Users?.size).toBe(38);
  });

  it('leave a directory to which a restart writes nothing', async () => {
    await run({ dialect });
    const { total } = await run({ dialect, isRestart: true });

    expect(total).toMatchObject({ created: 0, updated: 0, disabled: 0, restored: 0, deleted: 0, failed: 0, writes: 0 });
    expect(total.skipped).toBe(42);
  });

  it('can be played again over what is there', async () => {
    await run({ dialect });
    const { total, reasons } = await run({ dialect });

    expect(reasons).toEqual([]);
    expect(total.failed).toBe(0);
    expect((await run({ dialect, isRestart: true })).total.writes).toBe(0);
  });
});

describe('a restart', () => {
  beforeEach(() => start());

  it('writes exactly what somebody else changed meanwhile', async () => {
    await run();
    const user = [...(server.resources.Users?.values() ?? [])].find(({ active }) => active === true);
    const [group] = server.resources.Groups?.values() ?? [];
    Object.assign(user ?? {}, { displayName: 'somebody else' });
    Object.assign(group ?? {}, { members: objectsIn(group?.members).slice(1) });

    expect((await run({ isRestart: true })).total).toMatchObject({ updated: 2, writes: 2, failed: 0 });
    expect((await run({ isRestart: true })).total.writes).toBe(0);
  });
});

describe('the requests', () => {
  beforeEach(() => start());

  it('carry the headers that Entra sends and no others', async () => {
    await run({ cycles: 1 });

    const [probe] = server.asked;
    expect(probe?.headers).not.toHaveProperty('user-agent');
    expect(probe?.headers).not.toHaveProperty('accept');
    expect(probe?.headers).not.toHaveProperty('content-type');
    expect(probe?.headers).toHaveProperty('adscimversion');
    expect(writes()[0]?.headers['content-type']).toBe('application/scim+json; charset=utf-8');
  });

  it('begin with the two probes and encode queries as Entra does', async () => {
    await run({ cycles: 1 });

    const [users, groups] = server.asked.map(({ url }) => url);
    expect(users).toMatch(/^\/scim\/Users\?filter=userName\+eq\+%22[0-9a-f-]{36}%22$/);
    expect(groups).toMatch(/^\/scim\/Groups\?excludedAttributes=members&filter=displayName\+eq\+%22[0-9a-f-]{36}%22$/);
  });

  it.each(['userName', 'externalId', 'mail', 'anyMail', 'employeeNumber'] as const)(
    'can match by %s',
    async (matchBy) => {
      expect((await run({ matchBy: [matchBy] })).reasons).toEqual([]);
      expect((await run({ matchBy: [matchBy], isRestart: true })).total.writes).toBe(0);
      const { path } = USER_MATCH[matchBy];
      const asked = server.asked.map(({ url }) => new URL(url, 'http://localhost').searchParams.get('filter') ?? '');
      expect(asked.filter((filter) => filter.startsWith(`${path} eq`)).length).toBeGreaterThan(40);
    },
  );

  it('ask by one matching attribute after the other, until one hits', async () => {
    const renamed = await run({ cycles: 1 }).then(() => [...(server.resources.Users?.values() ?? [])][0]);
    Object.assign(renamed ?? {}, { userName: 'renamed@example.com' });
    const { total } = await run({ cycles: 1, matchBy: ['employeeNumber', 'userName', 'externalId'] });
    expect(total).toMatchObject({ created: 0, updated: 1, failed: 0, writes: 1 });
  });

  it('make nobody who has no matching attribute', async () => {
    const { total } = await run({
      cycles: 1,
      matchBy: ['employeeNumber'],
      sizes: { users: 40, groups: 0, members: 0 },
    });
    const all = [...(server.resources.Users?.values() ?? [])];
    expect(all.length).toBeLessThan(40);
    expect(all.every((user) => typeof enterpriseOf(user).employeeNumber === 'string')).toBe(true);
    expect(total).toMatchObject({ created: all.length, skipped: 40 - all.length, failed: 0 });
  });
});

describe('a recording', () => {
  const folder = mkdtempSync(join(tmpdir(), 'entra-recording-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const recorded = async (file: string) => {
    await run({ cycles: 2 }, recordingIn(file));
    return readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Exchange);
  };

  it('holds every request with its answer, and never the token', async () => {
    await start();
    const file = join(folder, 'sound.jsonl');
    const exchanges = await recorded(file);

    expect(exchanges.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      server.asked.map((_, index) => index + 1),
    );
    expect(exchanges.map(({ request }) => `${request.method} /scim${request.path}`).sort()).toEqual(
      server.asked.map(({ method, url }) => `${method} ${url}`).sort(),
    );
    const created = exchanges.find(({ request }) => request.method === 'POST');
    expect(JSON.parse(created?.answer?.body ?? '')).toMatchObject({
      userName: (JSON.parse(created?.request.body ?? '') as ScimObject).userName,
    });
    expect(created).toMatchObject({ answer: { status: 201, headers: { 'content-type': 'application/scim+json' } } });
    expect(created?.request.headers).toHaveProperty('Content-Type');
    expect(readFileSync(file, 'utf8')).not.toContain(TOKEN);
  });

  it('also tells of a request that was not answered', async () => {
    await start({ instead: (_, count) => (count === 3 ? 'hang up' : undefined) });
    const lost = (await recorded(join(folder, 'lost.jsonl'))).filter(({ answer }) => !answer);
    expect(lost).toMatchObject([{ number: 3, error: expect.stringContaining('hang up') as unknown }]);
  });

  it('is refused at the start where it cannot be written', async () => {
    await start();
    expect(() => recordingIn(join(folder, 'nowhere', 'a.jsonl'))).toThrow(RecordingError);
    expect(server.asked).toEqual([]);
  });
});

describe('an interrupted run', () => {
  it('is repeated over whatever it left behind', async () => {
    const ended = { at: 120 };
    await start({ instead: (_, count) => (count > ended.at ? 'hang up' : undefined) });
    const broken = await run();
    expect(broken.stopped).toContain('does not answer any more');
    expect(broken.total.failed).toBeGreaterThan(0);

    ended.at = Infinity;
    expect((await run()).reasons).toEqual([]);
  });

  it('takes a create that was carried out but never answered for what it is', async () => {
    let isLost = false;
    await start({
      instead: ({ method, body }) => {
        if (method !== 'POST' || isLost) return undefined;
        isLost = true;
        const resource = { ...(tidied(body) as ScimObject), id: 'users-lost' };
        server.resources.Users?.set('users-lost', resource);
        return 'hang up';
      },
    });
    expect((await run({ cycles: 1 })).reasons).toEqual([]);
  });

  it('goes on when a busy server said when to come back', async () => {
    await start({
      instead: (_, count) => (count % 10 === 0 ? { ...error(503), headers: { 'Retry-After': '1' } } : undefined),
    });
    expect((await run()).reasons).toEqual([]);
  });
});

describe('a busy server', () => {
  const busyUntil = (last: number, headers: Record<string, string>) =>
    start({ instead: (_, count) => (count > 10 && count < last ? { ...error(429), headers } : undefined) });

  it('is asked again in the next cycle, if so told: what failed waits in escrow, and succeeds', async () => {
    await busyUntil(40, { 'Retry-After': '1' });
    const { cycles, inEscrow } = await run({ whenBusy: 'next-cycle', sizes: { users: 40, groups: 0, members: 0 } });
    expect(cycles[0]?.failed).toBeGreaterThan(0);
    expect(cycles[0]?.busy).toBe(29);
    expect(cycles[1]?.retried).toBe(cycles[0]?.failed);
    expect([cycles[1]?.failed, cycles[2]?.failed, inEscrow]).toEqual([0, 0, 0]);
  });

  it('is waited for no longer than it says, and not at all if it does not say', async () => {
    await busyUntil(13, {});
    const { total } = await run({ cycles: 1 });
    expect(total).toMatchObject({ failed: 2, busy: 2 });
  });

  it("is left alone until Entra's times come", async () => {
    await busyUntil(40, {});
    const { cycles } = await run({ cycles: 11, escrow: 'entra', sizes: { users: 40, groups: 0, members: 0 } });
    const retried = cycles.map((counts) => counts.retried);
    expect(retried.slice(0, 9).reduce((sum, each) => sum + each, 0)).toBe(0);
    expect(retried[9]).toBeGreaterThan(0);
  });
});

describe('the scope', () => {
  beforeEach(() => start());
  const enabled = () => [...(server.resources.Users?.values() ?? [])].filter(({ active }) => active === true).length;

  it('disables whoever leaves it, and enables whoever comes back', async () => {
    const { cycles } = await run({ cycles: 4 });
    expect(cycles.map(({ disabled, restored }) => [disabled, restored])).toEqual([
      [0, 0],
      [3, 0],
      [3, 2],
      [3, 3],
    ]);
  });

  it('is not looked after with SkipOutOfScopeDeletions', async () => {
    const { total, reasons } = await run({ cycles: 4, isOutOfScopeSkipped: true });
    const skipping = enabled();
    expect(reasons).toEqual([]);
    expect(total.disabled).toBe(6);
    expect((await run({ cycles: 4, isOutOfScopeSkipped: true, isRestart: true })).total.writes).toBe(0);
    server.close();
    await start();
    await run({ cycles: 4 });
    expect(skipping).toBeGreaterThan(enabled());
  });
});

describe('on-demand provisioning', () => {
  beforeEach(() => start());

  it('speaks the legacy dialect whatever the flag, five members at most, and no roles', async () => {
    const { total, reasons } = await run({ dialect: 'flag', onDemand: 4, roles: 'single', cycles: 4 });
    expect(reasons).toEqual([]);
    expect(total.onDemand).toBeGreaterThan(10);
    const patches = writes().flatMap(({ method, body }) =>
      method === 'PATCH' ? [objectsIn((body as ScimObject).Operations)] : [],
    );
    const legacy = patches.filter(([first]) => /^(Add|Replace|Remove)$/.test(String(first?.op)));
    expect(legacy.length).toBeGreaterThan(5);
    expect(JSON.stringify(legacy)).not.toContain('roles');
    expect(Math.max(...legacy.flat().map(({ value }) => (Array.isArray(value) ? value.length : 0)))).toBeLessThan(6);
    expect((await run({ dialect: 'flag', roles: 'single', cycles: 4, isRestart: true })).total.writes).toBe(0);
  });
});

describe.each(['single', 'text', 'complex', 'mixed'] as const)('roles as %s', (roles) => {
  beforeEach(() => start());

  it.each(['legacy', 'flag', 'validator'] as const)('come and go in the %s dialect', async (dialect) => {
    const { reasons } = await run({ roles, dialect, cycles: 4 });
    expect(reasons).toEqual([]);
    expect(JSON.stringify([...(server.resources.Users?.values() ?? [])])).toMatch(/"roles":\[\{/);
    expect((await run({ roles, dialect, cycles: 4, isRestart: true })).total.writes).toBe(0);
  });
});

describe('custom attributes', () => {
  const URN = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';
  const attributes = ['badge string', 'remote boolean', 'floor integer', 'since dateTime'].map((text) => {
    const [name, type] = text.split(' ');
    return { name, type, multiValued: false };
  });
  const schemas = [{ id: URN, attributes: [...attributes, { name: 'tags', type: 'string', multiValued: true }] }];
  const customs = ['badge', 'remote', 'floor', 'since', 'tags'].map((name) => `${URN}:${name}`);

  it.each(['legacy', 'flag', 'validator'] as const)('are what /Schemas says, in the %s dialect', async (dialect) => {
    await start({ schemas });
    const { reasons } = await run({ customs, dialect, cycles: 5 });
    expect(reasons).toEqual([]);
    const kept = [...(server.resources.Users?.values() ?? [])].map((user) => user[URN] as ScimObject);
    expect(kept.some((each) => typeof each.floor === 'number' && typeof each.remote === 'boolean')).toBe(true);
    expect((await run({ customs, dialect, cycles: 5, isRestart: true })).total.writes).toBe(0);
  });

  it('that /Schemas does not describe stop the run', async () => {
    await start({ schemas });
    const { stopped } = await run({ customs: [`${URN}:nowhere`] });
    expect(stopped).toContain('SchemaAttributeNotFound');
  });
});

describe('chaos', () => {
  it.each([1, 2, 3, 4])(
    'goes through whole against a sound server, and leaves nothing to do: seed %i',
    async (seed) => {
      await start();
      const { reasons } = await run({ ...chaos, seed, cycles: 5 });
      expect(reasons).toEqual([]);
      expect((await run({ ...chaos, seed, cycles: 5, isRestart: true })).total).toMatchObject({ writes: 0, failed: 0 });
    },
  );

  it('asks in many spellings', async () => {
    await start();
    await run({ ...chaos, cycles: 3 });
    const all = server.asked.map(({ url }) => url).join('\n');
    for (const spelling of [
      '/users',
      '//Users',
      '/Users/?',
      '?aadOptscim062020/',
      'aadOptscim062020&',
      '%20eq',
      '[type',
    ]) {
      expect(all).toContain(spelling);
    }
  });

  it('sends the same again for the same seed', async () => {
    const sent = async () => {
      await start();
      await run({ ...chaos, cycles: 2, concurrency: 1 });
      const lines = server.asked.map(({ method, url, body }) => `${method} ${url} ${JSON.stringify(body)}`);
      server.close();
      return lines.map((line) => line.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'guid'));
    };
    expect(await sent()).toEqual(await sent());
  });
});
