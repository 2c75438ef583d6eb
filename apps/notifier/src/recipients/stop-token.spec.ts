import { readStopToken, stopToken } from './stop-token.js';

const directory = '0197a000-0000-7000-8000-000000000001';
const token = stopToken('secret', directory, 'ada@example.com');

describe('the token of a link that stops mails', () => {
  it('says of which directory and whom', () => {
    expect(readStopToken('secret', token)).toEqual({ directory, address: 'ada@example.com' });
    expect(token).toMatch(/^[\w-]+\.[\w-]+$/);
  });

  it.each([
    ['made by somebody else', stopToken('another', directory, 'ada@example.com')],
    [
      'changed',
      `${Buffer.from(JSON.stringify({ d: directory, a: 'bob@example.com' })).toString('base64url')}.${token.split('.')[1] ?? ''}`,
    ],
    ['cut', token.slice(0, -1)],
    ['longer', `${token}.x`],
    ['no token', 'x'],
    ['empty', ''],
  ])('is not taken when it is %s', (_, other) => {
    expect(readStopToken('secret', other)).toBeUndefined();
  });
});
