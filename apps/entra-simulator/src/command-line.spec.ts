import { commandLine } from './command-line.js';

const needed = ['--url', 'http://localhost:3000/scim', '--token', 'secret'];

const settings = (...words: string[]) => commandLine([...needed, ...words]).settings;

describe('the command line', () => {
  const write = process.stderr.write.bind(process.stderr);
  beforeEach(() => {
    process.stderr.write = () => true;
  });
  afterEach(() => {
    process.stderr.write = write;
  });

  it('has a default for everything but the address and the token', () => {
    expect(settings()).toMatchObject({
      sizes: { users: 10, groups: 2, members: 5 },
      dialect: 'legacy',
      matchBy: ['userName', 'externalId'],
      roles: 'none',
      isOdd: false,
      onDemand: 0,
      customs: [],
      whenBusy: 'wait',
      escrow: 'next',
      cycles: 1,
      seed: 1,
      concurrency: 8,
      isRestart: false,
    });
  });

  it('takes the dialect from the flag in the address unless it is given', () => {
    const flagged = ['--url', 'http://localhost:3000/scim?aadOptscim062020'];
    expect(settings(...flagged).dialect).toBe('flag');
    expect(settings(...flagged, '--dialect', 'mixed').dialect).toBe('mixed');
  });

  it('mixes everything with --chaos, except what is said besides', () => {
    expect(settings('--chaos')).toMatchObject({
      dialect: 'any',
      roles: 'mixed',
      matchBy: 'random',
      isOdd: true,
      onDemand: 3,
    });
    expect(settings('--chaos', '--dialect', 'flag', '--match', 'mail,userName', '--on-demand', '0')).toMatchObject({
      dialect: 'flag',
      matchBy: ['mail', 'userName'],
      isOdd: true,
      onDemand: 0,
    });
  });

  it('takes address and token from the environment too, so that no token is seen among the processes', () => {
    Object.assign(process.env, { SCIM_URL: 'http://localhost:3000/v2', SCIM_TOKEN: 'secret' });
    expect(commandLine([]).settings).toMatchObject({ tenant: { base: 'http://localhost:3000/v2' }, token: 'secret' });
    delete process.env.SCIM_URL;
    delete process.env.SCIM_TOKEN;
  });

  it('collects custom attributes', () => {
    expect(settings('--custom', 'urn:a:b:User:x', '--custom', 'urn:a:b:User:y').customs).toEqual([
      'urn:a:b:User:x',
      'urn:a:b:User:y',
    ]);
  });

  it.each([
    ['--match', 'shoeSize'],
    ['--custom', 'badge'],
    ['--roles', 'many'],
    ['--users', 'many'],
    ['--cycles', '0'],
    ['--dialect', 'latin'],
    ['--url', 'nowhere'],
    ['--token', 'two words'],
    ['--unheard-of'],
  ])('refuses %s %s', (...words: string[]) => {
    expect(() => settings(...words)).toThrow();
  });
});
