import { isInside, OutsideWorld, whyNot } from './outside-world.js';

describe('the address of a webhook', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
  ])('is inside: %s', (address) => expect(isInside(address)).toBe(true));

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '192.169.0.1'])('is outside: %s', (address) => {
    expect(isInside(address)).toBe(false);
  });

  it.each([
    'http://hooks.example.com/x',
    'https://localhost/x',
    'https://127.0.0.1/x',
    'https://[::1]/x',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'https://metadata.internal/x',
    'https://user:pw@hooks.example.com/',
  ])('is refused: %s', (url) => expect(whyNot(url, false)).toMatch(/^A webhook/));

  it('is taken when it leads outside, or when inside is allowed', () => {
    expect(whyNot('https://hooks.example.com/services/x?y=z', false)).toBeUndefined();
    expect(whyNot('http://127.0.0.1:9/x', true)).toBeUndefined();
  });

  it('is looked at when it is used, too: a name that leads inside is not followed', async () => {
    const world = new OutsideWorld(false);
    Object.assign(world, { whyNot: () => undefined });
    await expect(world.post('http://localhost:9/', {}, '')).rejects.toThrow(/leads to an address within/);
  });
});
