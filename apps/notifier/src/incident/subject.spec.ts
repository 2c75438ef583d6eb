import { attributeIn, fingerprintOf, ruleIn, subjectOf } from './subject.js';

describe('what failures are about', () => {
  it.each([
    ['Another user of this directory has the userName ada@example.com.', 'userName'],
    ['Another group of this directory has the displayName Sales must go.', 'displayName'],
    ['emails.value must be a text.', 'emails.value'],
    ['userName is required.', 'userName'],
    [
      'urn:ietf:params:scim:schemas:extension:roster:2.0:User:costNumber must be a whole number.',
      'urn:ietf:params:scim:schemas:extension:roster:2.0:User:costNumber',
    ],
    ['The path selects no value of emails, and does not say how to make one.', 'emails'],
    ['roles has more than 1000 values.', 'roles'],
    ['members must be a list of objects with a value.', 'members'],
    ['active cannot be compared with "gt": it is a boolean.', 'active'],
    ['The path is not valid at position 12: a bracket is missing.', null],
    ['The body is not JSON: Unexpected token', null],
    ['This key has expired.', null],
  ])('is read from %j', (detail, attribute) => {
    expect(attributeIn(detail)).toBe(attribute);
  });

  it('is never whom they are about: two people who fail of the same have one fingerprint', () => {
    const failed = (detail: string) =>
      fingerprintOf(subjectOf({ failureClass: 'duplicate', scimType: 'uniqueness', detail }));
    expect(failed('Another user of this directory has the userName ada.')).toBe(
      failed('Another user of this directory has the userName bob is required.'),
    );
    const unreadable = (detail: string) =>
      fingerprintOf(subjectOf({ failureClass: 'invalid-syntax', scimType: 'invalidSyntax', detail }));
    expect(unreadable('The body is not JSON: Unexpected token a in position 3')).toBe(
      unreadable('The body is not JSON: Unexpected end of input'),
    );
    expect(ruleIn('The path is not valid at position 12: x. For "ada" and bob@example.com')).toBe(
      'The path is not valid at position n',
    );
  });

  it('tells one attribute from another, and what is refused from what cannot be read', () => {
    const of = (detail: string) =>
      fingerprintOf(subjectOf({ failureClass: 'invalid-value', scimType: 'invalidValue', detail }));
    expect(
      new Set([of('userName is required.'), of('title must be a text.'), of('The value must be an object.')]).size,
    ).toBe(3);
  });
});
