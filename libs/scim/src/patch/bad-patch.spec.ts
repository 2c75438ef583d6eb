import { readGroupPatch, readUserPatch } from './read-patch.js';
import { refusal } from '../refusal.contract.js';

const one = (operation: unknown) => ({ Operations: [operation] });

describe('a PATCH that cannot be read', () => {
  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['no Operations', {}],
    ['Operations that are no list', { Operations: {} }],
    ['an operation that is no object', one('add')],
    ['an unknown op', one({ op: 'move', path: 'title', value: 'x' })],
    ['no op', one({ path: 'title', value: 'x' })],
    [
      '1,001 operations',
      { Operations: Array.from({ length: 1001 }, () => ({ op: 'add', path: 'title', value: 'x' })) },
    ],
  ])('has invalid syntax: %s', (_, body) => {
    expect(refusal(() => readUserPatch(body))).toMatchObject({ status: 400, scimType: 'invalidSyntax' });
    expect(refusal(() => readGroupPatch(body))).toMatchObject({ status: 400, scimType: 'invalidSyntax' });
  });

  it.each([
    'emails[type eq "work"',
    'emails[type eq "work"].',
    'emails[type eq]',
    'emails[]',
    'emails.value[type eq "work"]',
    'userName[value eq "x"]',
    'name..givenName',
    'a b',
    ' ',
    5,
    `emails[${'('.repeat(20)}type eq "x"${')'.repeat(20)}]`,
  ])('has an invalid path: %j', (path) => {
    expect(refusal(() => readUserPatch(one({ op: 'add', path, value: 'x' })))).toMatchObject({
      status: 400,
      scimType: 'invalidPath',
    });
  });

  it('has no target when it removes without a path', () => {
    expect(refusal(() => readUserPatch(one({ op: 'remove' })))).toMatchObject({ scimType: 'noTarget' });
    expect(refusal(() => readGroupPatch(one({ op: 'Remove', value: { members: [] } })))).toMatchObject({
      scimType: 'noTarget',
    });
  });

  it.each<[unknown, RegExp]>([
    [{ op: 'replace', path: 'active', value: 'maybe' }, /^active must be a boolean/],
    [{ op: 'replace', path: 'title' }, /^title needs a value/],
    [{ op: 'replace', path: 'name', value: 'Ada' }, /^name must be an object/],
    [{ op: 'add', path: 'emails[type eq "work"].value', value: 5 }, /^emails.value must be a text/],
    [{ op: 'add', value: 'x' }, /must be an object/],
    [{ op: 'add', value: { name: { givenName: 5 } } }, /^name.givenName must be a text/],
  ])('has an invalid value: %j', (operation, detail) => {
    expect(refusal(() => readUserPatch(one(operation)))).toMatchObject({
      status: 400,
      scimType: 'invalidValue',
      detail: expect.stringMatching(detail),
    });
  });
});
