import { emailKeys } from './email-keys.js';

describe('the e-mail keys of a user', () => {
  it('are the folded values, each once', () => {
    expect(emailKeys({ emails: [{ value: 'A@B' }, { value: 'a@b', type: 'home' }, { type: 'work' }] })).toEqual([
      'a@b',
    ]);
    expect(emailKeys({ userName: 'ada' })).toEqual([]);
  });
});
