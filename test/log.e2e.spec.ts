import { eventually } from '#libs/testing';
import type { LogDetails, LogEntry } from '#libs/contracts';
import { type Embedded, startEmbedded } from './support/embedded.js';
import { entra, ENTRA_RUN, roster } from './support/program.js';

const SHOWN_MS_MAX = 2_000;

let system: Embedded;

beforeAll(async () => {
  system = await startEmbedded();
}, 120_000);

afterAll(() => system.end());

const ask = (...args: string[]) => roster(system.environment, 'log', ...args);
const entries = async (...args: string[]) =>
  (await ask(...args, '--json'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogEntry);
const mine = ['--directory', 'default'];

describe('the provisioning log', () => {
  it('has every request within two seconds, refused ones and those without a key too', async () => {
    const { wire } = system;
    const sent: string[] = [];
    // Those without a key that is known are told together, with their number: a flood of them must not fill the log.
    let strangers = 0;
    const send = async (request: Parameters<typeof wire.send>[0]) => {
      const { status, headers } = await wire.send(request);
      if (status === 401) strangers += 1;
      else sent.push(String(headers['x-request-id']));
    };
    const unknown = 'rk_k3y0000001_0El6XFXwsUFD8J2vGxsaboW7rZYnQRBP5d9erwRwd293uTPaZ';
    for (let round = 0; round < 20; round++) {
      await Promise.all([
        send({ method: 'POST', path: '/v2/Users', body: { userName: `user-${round}` } }),
        send({ method: 'POST', path: '/v2/Users', body: { userName: 'the-same', password: 'hunter2' } }),
        send({ path: '/v2/Users?filter=nonsense' }),
        send({ path: '/v2/Users?filter=userName+eq+"nobody"' }),
        send({ path: '/v2/Users/unknown' }),
        send({
          method: 'POST',
          path: '/v2/Users',
          body: '{broken',
          headers: { 'content-type': 'application/scim+json' },
        }),
        send({ method: 'PUT', path: '/v2/Users', body: {} }),
        send({ path: '/v2/nowhere' }),
        send({ path: '/v2/Users/%zz' }),
        send({ method: 'POST', path: '/v2/Users', body: '<a/>', headers: { 'content-type': 'text/xml' } }),
        send({ path: '/v2/Users', headers: { authorization: '' } }),
        send({ path: '/v2/Users', headers: { authorization: `Bearer ${unknown}` } }),
      ]);
    }
    const missing = await eventually(
      async () => {
        const all = [...(await entries(...mine, '--all')), ...(await entries('--unclaimed', '--all'))];
        const known = new Set(all.map(({ correlationId }) => correlationId));
        const left = sent.filter((id) => !known.has(id));
        if (left.length > 0) throw new Error(`${left.length} of ${sent.length} are not in the log`);
        const told = all.flatMap(({ status, count }) => (status === 401 ? count : [])).reduce((sum, n) => sum + n, 0);
        if (told !== strangers) throw new Error(`${told} of ${strangers} strangers are in the log`);
        return left;
      },
      { timeoutMs: 15_000 }, // the command line takes its time to start; how late the log was, the log itself says
    );
    expect(missing).toEqual([]);
    expect([sent.length, strangers]).toEqual([200, 40]);
    const kept = [...(await entries(...mine, '--all')), ...(await entries('--unclaimed', '--all'))];
    const late = kept.map(({ at, receivedAt }) => Date.parse(receivedAt) - Date.parse(at));
    expect(Math.max(...late)).toBeLessThan(SHOWN_MS_MAX);
    expect(await ask(...mine, '--all', '--csv')).not.toContain('hunter2');
  }, 60_000);

  it('shows one request with its body, its answer, what it changed, why it failed and what to do', async () => {
    const [failed] = await entries(...mine, '--failed', '--status', '409');
    const shown = await ask('show', failed?.id ?? '');
    expect(shown).toContain('Answer: 409 uniqueness, Another user of this directory has the userName the-same.');
    expect(shown).toMatch(/The name is taken[\s\S]+In Entra: .+→ Provisioning logs[\s\S]+Here: /);
    expect(shown).toContain('"password": "[hidden]"');
    const [made] = await entries(...mine, '--status', '201', '--target', 'USER-7');
    const details = JSON.parse(await ask('show', made?.id ?? '', '--json')) as LogDetails;
    expect(details).toMatchObject({ cause: null, events: [{ type: 'directory.user.created.v1' }] });
  });

  it('has all that a run of Entra sent', async () => {
    const { wire, environment } = system;
    const since = new Date().toISOString();
    const token = await newToken();
    const run = (await entra(`${wire.origin}/v2`, token, ...ENTRA_RUN)) as unknown as { requests: number };
    const count = await eventually(
      async () => {
        const lines = (await roster(environment, 'log', ...mine, '--since', since, '--csv')).trim().split('\n');
        return lines.length - 1 >= run.requests && lines.length - 1;
      },
      { timeoutMs: 10_000 },
    );
    expect(count).toBe(run.requests);
  }, 120_000);

  it('says what is wrong with a question', async () => {
    await expect(ask()).rejects.toThrow(/--directory/);
    await expect(ask(...mine, '--since', 'yesterday')).rejects.toThrow(/is no time/);
    await expect(ask('show', '0197a000-0000-7000-8000-00000000ffff')).rejects.toThrow(/no such request/);
  });
});

async function newToken(): Promise<string> {
  const made = await roster(system.environment, 'key', 'create', '--directory', 'default', '--json');
  return (JSON.parse(made) as { token: string }).token;
}
