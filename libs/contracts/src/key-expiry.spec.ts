import { readFileSync } from 'node:fs';
import { parseKeyExpiry } from './index.js';

const golden = JSON.parse(
  readFileSync(new URL('../golden/messages/keys.expiry.v1.json', import.meta.url), 'utf8'),
) as Record<string, unknown> & { data: object };

describe('the message that a key ends', () => {
  it('is read as it was first told', () => {
    expect(parseKeyExpiry(golden)).toEqual(golden);
  });

  it.each([
    ['another type', { ...golden, type: 'keys.command' }],
    ['a step that there is not', { ...golden, data: { ...golden.data, daysLeft: 60 } }],
    ['no end', { ...golden, data: { ...golden.data, expiresAt: null } }],
  ])('is not one with %s', (_, message) => {
    expect(() => parseKeyExpiry(message)).toThrow();
  });
});
