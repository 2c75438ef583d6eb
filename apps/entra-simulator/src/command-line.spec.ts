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
      matchBy: 'userName',
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

  it.each([
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
