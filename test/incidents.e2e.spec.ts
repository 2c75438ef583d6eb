import { eventually } from '#libs/testing';
import type { IncidentDetails, IncidentSummary, LogEntry } from '#libs/contracts';
import { type Embedded, startEmbedded } from './support/embedded.js';
import { Wire } from './support/http.js';
import { entra, roster } from './support/program.js';

const USERS = 60;
const TENTH = USERS / 10;
const SIX_HOURS_MS = 6 * 3_600_000;

let system: Embedded;

beforeAll(async () => {
  system = await startEmbedded();
}, 120_000);

afterAll(() => system.end());

const administer = (...args: string[]) => roster(system.environment, ...args);

async function newDirectory(name: string): Promise<{ url: string; token: string; wire: Wire }> {
  await administer('directory', 'create', '--name', name);
  const made = await administer('key', 'create', '--directory', name, '--json');
  const { token } = JSON.parse(made) as { token: string };
  const wire = new Wire(system.wire.origin, token);
  await eventually(async () => (await wire.get('/v2/Users?count=0')).status === 200);
  return { url: `${wire.origin}/v2`, token, wire };
}

const incidents = (...args: string[]) => incidentsOf('target', ...args);

async function incidentsOf(directory: string, ...args: string[]): Promise<IncidentSummary[]> {
  const lines = (await administer('incident', 'list', '--directory', directory, '--json', ...args)).split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as IncidentSummary);
}

const RUN = ['--users', String(USERS), '--groups', '0', '--match', 'externalId'];

describe('a run of Entra in which a tenth of the users fail', () => {
  it('is an incident that names the attribute, three of them and when Entra tries again; it is over when the next run succeeds', async () => {
    const model = await newDirectory('model');
    await entra(model.url, model.token, ...RUN);
    const { json } = await model.wire.get(`/v2/Users?count=${TENTH}&attributes=userName`);
    const names = (json?.Resources ?? []).map(({ userName }) => String(userName));
    expect(names).toHaveLength(TENTH);

    const target = await newDirectory('target');
    const leftOvers: string[] = [];
    for (const userName of names) leftOvers.push((await target.wire.make('Users', { userName })).id);
    const began = Date.now();
    expect(await entra(target.url, target.token, ...RUN)).toMatchObject({ failed: TENTH });
    const [incident] = await eventually(async () => {
      const found = await incidents();
      return found[0]?.failing === TENTH && found;
    });
    expect(incident).toMatchObject({ class: 'duplicate', attribute: 'userName', status: 'open' });
    const shown = JSON.parse(await administer('incident', 'show', incident?.id ?? '', '--json')) as IncidentDetails;
    expect(new Set(shown.examples.map(({ target: name }) => name)).size).toBe(3);
    for (const { target: name } of shown.examples) expect(names).toContain(name);
    expect(Date.parse(shown.nextTryAt ?? '') - began).toBeGreaterThan(SIX_HOURS_MS - 60_000);
    expect(Date.parse(shown.nextTryAt ?? '') - began).toBeLessThan(SIX_HOURS_MS + 120_000);
    const text = await administer('incident', 'show', (incident?.id ?? '').slice(0, 8));
    expect(text).toMatch(/The name is taken: userName[\s\S]+Entra tries again about[\s\S]+In Entra: .+→/);

    for (const id of leftOvers) await target.wire.send({ method: 'DELETE', path: `/v2/Users/${id}` });
    expect(await entra(target.url, target.token, ...RUN)).toMatchObject({ failed: 0, created: TENTH });
    await eventually(async () => {
      const [after] = await incidents('--all');
      return after?.status === 'resolved' && after.because === 'success';
    });
    expect(await administer('incident', 'list', '--directory', 'target')).toContain('Nothing fails.');
  }, 120_000);
});

describe('an operation of a bulk request', () => {
  it('that fails is an incident, and one that succeeds ends what failed, as the same request by itself does', async () => {
    const { wire } = await newDirectory('bulky');
    const bulk = async (...Operations: object[]) =>
      (await wire.post('/v2/Bulk', { Operations })).json?.Operations?.map(({ status }) => status);
    const patch = (id: string, path: string, value: unknown) => ({
      method: 'PATCH',
      path: `/Users/${id}`,
      data: { Operations: [{ op: 'replace', path, value }] },
    });
    const told = async () =>
      (await incidentsOf('bulky')).map((one) => `${one.class} ${one.attribute} ${one.failing}`).sort();
    const become = (...wanted: string[]) => eventually(async () => (await told()).join() === wanted.join());

    const first = await wire.make('Users', { userName: 'taken' });
    expect((await wire.post('/v2/Users', { userName: 'taken' })).status).toBe(409);
    const eve = await wire.make('Users', { userName: 'eve' });
    expect(await bulk(patch(eve.id, 'active', 'maybe'), patch(eve.id, 'title', 'Dr'))).toEqual(['400', '200']);
    await become('duplicate userName 1', 'invalid-value active 1');

    await wire.send({ method: 'DELETE', path: `/v2/Users/${first.id}` });
    const again = { method: 'POST', path: '/Users', bulkId: 'again', data: { userName: 'taken' } };
    const named = { ...patch('bulkId:again', 'title', 'Ms') };
    expect(await bulk(again, named, patch(eve.id, 'title', 'Prof'))).toEqual(['201', '200', '200']);
    await become('invalid-value active 1');
    expect(await bulk(patch(eve.id, 'active', false))).toEqual(['200']);
    await become();

    const log = await administer('log', '--directory', 'bulky', '--json');
    const lines = log.split('\n').filter((line) => line.startsWith('{'));
    const entries = lines.map((line) => JSON.parse(line) as LogEntry);
    const shown = entries.map(({ method, path, status }) => `${status} ${method} ${path}`);
    expect(shown.filter((line) => line === '200 POST /v2/Bulk')).toHaveLength(3);
    expect(shown.filter((line) => line === `200 PATCH /v2/Users/${eve.id}`)).toHaveLength(3);
    expect(shown.filter((line) => /^200 PATCH .Users.bulkId/.test(line))).toEqual([]);
  }, 60_000);
});

describe('what is no one directory’s', () => {
  it('is told to who is named for it', async () => {
    await administer('notify', 'set', '--all-directories', '--email', 'operators@example.com');
    expect(await administer('notify', 'show', '--all-directories')).toMatch(/All directories:\n.+\n +operators@/);
    expect(await administer('notify', 'test', '--all-directories')).toContain('operators@example.com');
    await expect(administer('notify', 'show')).rejects.toThrow();
  });
});

describe('the way out of the mails', () => {
  it('is shown to who follows the link, and taken by one POST as mail programs send it', async () => {
    const token = `eyJkIjoiMDE5N2EwMDAifQ.${'a'.repeat(43)}`;
    const place = `${system.wire.origin}/notify/stop/${token}`;
    const asked = await fetch(place);
    expect([asked.status, asked.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await asked.text()).toContain('<form method="post">');
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await fetch(place, { method: 'POST', body })).status).toBe(200);
    expect((await fetch(`${system.wire.origin}/notify/stop/x`, { method: 'POST', body })).status).toBe(400);
    // Nowhere else is a form taken.
    const headers = { authorization: `Bearer ${(await newDirectory('forms')).token}` };
    expect((await fetch(`${system.wire.origin}/v2/Users`, { method: 'POST', headers, body })).status).toBe(415);
  });
});
