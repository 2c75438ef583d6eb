import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { play, type Settings } from '../src/play.js';
import { tenantUrl } from '../src/protocol/tenant-url.js';
import { noRecording, recordingIn, RecordingError, type Exchange } from '../src/protocol/recording.js';
import { noProgress } from '../src/report/progress.js';
import { objectsIn, type ScimObject } from '../src/mapping/scim-object.js';
import { tidied } from './small-patch.js';
import { TOKEN, error, smallServer, type Faults } from './small-server.js';

type Server = Awaited<ReturnType<typeof smallServer>>;

let server: Server;

const start = async (faults?: Faults) => {
  server = await smallServer(faults);
};

afterEach(() => server.close());

const run = (settings: Partial<Settings> = {}, recording = noRecording) =>
  play(
    {
      tenant: tenantUrl(server.url),
      token: TOKEN,
      sizes: { users: 40, groups: 4, members: 12 },
      cycles: 3,
      seed: 7,
      dialect: 'legacy',
      matchBy: 'userName',
      concurrency: 8,
      isRestart: false,
      ...settings,
    },
    {
      now: () => performance.now(),
      wait: () => Promise.resolve(),
      freshGuid: () => crypto.randomUUID(),
      progress: noProgress,
      recording,
    },
  );

const writes = () => server.asked.filter(({ method }) => method !== 'GET');

describe.each(['legacy', 'flag', 'mixed'] as const)('three cycles in the %s dialect', (dialect) => {
  beforeEach(() => start());

  it('go through without a failure, and something of everything happens', async () => {
    const { total, cycles, reasons } = await run({ dialect });

    expect(reasons).toEqual([]);
    expect(total.failed).toBe(0);
    expect(cycles).toHaveLength(3);
    expect(cycles[0]).toMatchObject({ created: 44, updated: 0, disabled: 0, deleted: 0 });
    expect(cycles[1]).toMatchObject({ created: 0, disabled: 2, deleted: 2 });
    expect(cycles[2]).toMatchObject({ created: 0, disabled: 2, restored: 1, deleted: 2 });
    expect(total.writes).toBe(writes().length);
    expect(total.requests).toBe(server.asked.length);
    expect(server.resources.Users?.size).toBe(36);
  });

  it('leave a directory to which a restart writes nothing', async () => {
    await run({ dialect });
    const { total } = await run({ dialect, isRestart: true });

    expect(total).toMatchObject({ created: 0, updated: 0, disabled: 0, restored: 0, deleted: 0, failed: 0, writes: 0 });
    expect(total.skipped).toBe(40);
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
    const [user] = server.resources.Users?.values() ?? [];
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

  it.each(['externalId', 'mail'] as const)('can match by %s', async (matchBy) => {
    expect((await run({ matchBy })).total.failed).toBe(0);
    expect((await run({ matchBy, isRestart: true })).total.writes).toBe(0);
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

const faulty: [fault: string, faults: Faults, reason: string][] = [
  [
    'loses a member',
    { kept: (before, after) => ('members' in after ? { ...after, members: before.members ?? [] } : after) },
    'check a group: members are missing',
  ],
  [
    'empties a group when one member leaves',
    {
      kept: (before, after) =>
        Array.isArray(before.members) &&
        JSON.stringify(after.members ?? []).length < JSON.stringify(before.members).length
          ? { ...after, members: [] }
          : after,
    },
    'check a group: members are missing',
  ],
  [
    'answers active as a text',
    { shown: (resource) => ('active' in resource ? { ...resource, active: String(resource.active) } : resource) },
    'create a user: active is a string, not a boolean',
  ],
  [
    'tidies up phone numbers',
    {
      shown: (resource) => JSON.parse(JSON.stringify(resource).replaceAll('+1 (425) 555-', '+1425555')) as ScimObject,
    },
    'create a user: phoneNumbers[type eq "work"].value came back differently',
  ],
  ['says yes to a PATCH and does nothing', { kept: (before) => before }, 'check a user: active is not what was sent'],
  [
    'ignores the filter',
    {
      instead: ({ method, url }, count) =>
        count > 2 && method === 'GET' && url.includes('Users?filter') ? all() : undefined,
    },
    'match users by userName: the filter was not obeyed',
  ],
  [
    'refuses to delete',
    { instead: ({ method }) => (method === 'DELETE' ? error(500) : undefined) },
    'delete a user: answered 500 instead of 204',
  ],
  [
    'answers in plain JSON',
    {
      instead: ({ method }) =>
        method === 'POST' ? { ...error(201), headers: { 'Content-Type': 'application/json' } } : undefined,
    },
    'the answer is application/json, not application/scim+json',
  ],
];

const all = () => {
  const Resources = [...(server.resources.Users?.values() ?? [])];
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  return { status: 200, body: { schemas, totalResults: Resources.length, Resources } };
};

describe('a server that', () => {
  it.each(faulty)('%s fails, and the reason is told', async (_, faults, reason) => {
    await start(faults);
    const { reasons, total } = await run();

    expect(total.failed).toBeGreaterThan(0);
    expect(reasons.map((one) => one.reason)).toContain(reason);
    expect(reasons[0]?.examples[0]).toHaveProperty('object');
  });

  it('has two users of one name fails with DuplicateTargetEntries', async () => {
    await start();
    await run({ cycles: 1 });
    const [ada] = server.resources.Users?.values() ?? [];
    server.resources.Users?.set('twin', { ...ada, id: 'twin' });

    const { reasons, total } = await run({ cycles: 1 });
    expect(total.failed).toBe(1);
    expect(reasons).toMatchObject([{ reason: 'match users by userName: DuplicateTargetEntries', count: 1 }]);
  });

  it('knows the caller no more is not asked again', async () => {
    await start();
    const { total, stopped } = await run({ token: 'a-false-token' });

    expect(stopped).toContain('refused the token');
    expect(total).toMatchObject({ failed: 1, requests: 1, writes: 0 });
  });

  it('finds somebody whom nobody can know would be quarantined', async () => {
    await start({ instead: ({ url }) => (url.includes('/Groups') ? error(404) : undefined) });
    const { stopped } = await run();
    expect(stopped).toContain('test connection (Groups): answered 404 instead of 200');
  });
});
