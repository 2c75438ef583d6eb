// Entra's provisioning at its worst: every dialect, form and oddity that has been seen, mixed from request to request.
import { type Embedded, startEmbedded } from './support/embedded.js';
import { entra, NOTHING_TO_DO, roster } from './support/program.js';

const BADGES = 'urn:ietf:params:scim:schemas:extension:badges:2.0:User';
const CUSTOMS = ['badge', 'remote', 'floor', 'since', 'tags'].map((name) => ['--custom', `${BADGES}:${name}`]).flat();
const SIZES = ['--users', '40', '--groups', '3', '--members', '15', '--cycles', '4'];

let system: Embedded;
const play = (...args: string[]) => entra(`${system.wire.origin}/v2`, system.wire.token, ...args);

beforeAll(async () => {
  system = await startEmbedded();
  const attribute = (name: string, ...more: string[]) =>
    roster(
      system.environment,
      'schema',
      'add',
      '--directory',
      'default',
      '--urn',
      BADGES,
      '--attribute',
      name,
      ...more,
    );
  await attribute('badge', '--type', 'string');
  await attribute('remote', '--type', 'boolean');
  await attribute('floor', '--type', 'integer');
  await attribute('since', '--type', 'dateTime');
  await attribute('tags', '--type', 'string', '--multi-valued');
});
afterAll(() => system.end());

describe('a directory', () => {
  it.each([1, 2, 3])('follows Entra through chaos, seed %i, and a restart finds nothing to do', async (seed) => {
    const run = ['--chaos', ...SIZES, ...CUSTOMS, '--seed', String(seed)];
    expect(await play(...run)).toMatchObject({ failed: 0, duplicates: 0, reasons: [] });
    expect(await play(...run, '--restart')).toMatchObject({ ...NOTHING_TO_DO, writes: 0, reasons: [] });
  });

  it.each([
    ['the dialect without the flag', '--dialect', 'legacy'],
    ['the dialect of the flag, and on-demand provisioning beside it', '--dialect', 'flag', '--on-demand', '3'],
    ["the validator's dialect, and lists of roles", '--dialect', 'validator', '--roles', 'complex'],
    ['SkipOutOfScopeDeletions, and roles as JSON in a text', '--skip-out-of-scope', '--roles', 'text'],
    [
      'matching by employeeNumber before any address, and a single role',
      '--match',
      'employeeNumber,anyMail',
      '--roles',
      'single',
    ],
  ])('follows Entra with %s', async (what, ...options) => {
    const seed = String(100 + what.length);
    const run = ['--users', '16', '--groups', '2', '--members', '6', '--cycles', '3', '--seed', seed, ...options];
    expect(await play(...run)).toMatchObject({ failed: 0, reasons: [] });
    expect(await play(...run, '--restart')).toMatchObject({ ...NOTHING_TO_DO, writes: 0 });
  });

  it('that has an address twice has that user skipped, and nobody else', async () => {
    const run = ['--users', '20', '--groups', '0', '--seed', '77', '--match', 'mail'];
    await play(...run);
    const { json } = await system.wire.get('/v2/Users?filter=externalId+pr+and+userName+co+%2277-1%40%22');
    const [ada] = json?.Resources ?? [];
    await system.wire.make('Users', { userName: 'twin', emails: ada?.emails });
    expect(await play(...run)).toMatchObject({ failed: 0, duplicates: 1, writes: 0 });
  });
});
