// Users, filters and PATCHes at random, each with the kind that it is of.
export class Chance {
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** A whole number below `limit`, the same for the same seed (mulberry32). */
  below(limit) {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  }

  of(items) {
    return items[this.below(items.length)];
  }
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** In small letters: SCIMMY compares with case what has none. */
const WORDS = ['a', 'ab', 'b', 'ba', 'c d'];
const TYPES = ['work', 'home', 'other'];

export function aUser(chance, at) {
  const word = () => chance.of([...WORDS, undefined]);
  return {
    userName: `${chance.of(WORDS)}${at}`,
    title: word(),
    nickName: word(),
    active: chance.of([true, false]),
    name: { givenName: word(), familyName: word() },
    emails: Array.from({ length: chance.below(3) }, (_, place) => ({
      value: `${chance.of(WORDS)}@x`,
      type: TYPES[place],
      ...(place === 0 && { primary: true }),
    })),
    [ENTERPRISE]: { department: word() },
  };
}

const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

function aTerm(chance, isInside = false) {
  const value = JSON.stringify(chance.of(WORDS));
  const kind = chance.of(
    isInside ? ['text'] : ['text', 'text', 'present', 'boolean', 'date', 'list', 'value path', 'extension'],
  );
  const op = chance.of(OPERATORS);
  switch (kind) {
    case 'present':
      return { kind: 'pr', text: `${chance.of(['title', 'emails', 'name.givenName', 'nickName'])} pr` };
    case 'boolean':
      return { kind: 'boolean', text: `active ${chance.of(['eq', 'ne'])} ${chance.of([true, false])}` };
    case 'date':
      return {
        kind: 'date',
        text: `meta.created ${chance.of(['eq', 'gt', 'ge', 'lt', 'le'])} "${chance.of(['2024-05-01T12:00:00Z', '2020-01-01T00:00:00Z', '2030-01-01T00:00:00Z'])}"`,
      };
    case 'list':
      return { kind: `${op} on a list`, text: `emails.value ${op} "${chance.of(WORDS)}@x"` };
    case 'value path':
      return {
        kind: 'value path',
        text: `emails[type eq "${chance.of(TYPES)}" and value ${chance.of(['eq', 'co', 'sw'])} "${chance.of(WORDS)}"]`,
      };
    case 'extension':
      return {
        kind: 'extension',
        text: `${ENTERPRISE}:department ${chance.of(['eq', 'sw', 'pr'].slice(0, 2))} ${value}`,
      };
    default:
      return {
        kind: `${op} on a text`,
        text: `${chance.of(['title', 'nickName', 'name.familyName', 'userName'])} ${op} ${value}`,
      };
  }
}

export function aFilter(chance) {
  const term = aTerm(chance);
  switch (chance.below(5)) {
    case 0: {
      const other = aTerm(chance);
      const word = chance.of(['and', 'or']);
      return {
        kind: [...new Set([term.kind, other.kind])].sort().join(' and '),
        text: `${term.text} ${word} ${other.text}`,
      };
    }
    case 1:
      return { kind: `not ${term.kind}`, text: `not (${term.text})` };
    default:
      return term;
  }
}

export function aPatch(chance) {
  const word = chance.of(WORDS);
  const type = chance.of(TYPES);
  const op = chance.of(['add', 'replace']);
  const [kind, ...operations] = chance.of([
    [`${op} a text`, { op, path: chance.of(['title', 'nickName']), value: word }],
    ['remove a text', { op: 'remove', path: chance.of(['title', 'nickName']) }],
    [`${op} a part of a name`, { op, path: 'name.givenName', value: word }],
    [`${op} a name`, { op, path: 'name', value: { familyName: word } }],
    [`${op} without a path`, { op, value: { title: word, name: { givenName: word } } }],
    [`${op} of addresses`, { op, path: 'emails', value: [{ value: `${word}@y`, type }] }],
    ['replace by value path', { op: 'replace', path: `emails[type eq "${type}"].value`, value: `${word}@z` }],
    ['remove by value path', { op: 'remove', path: `emails[type eq "${type}"]` }],
    ['remove all addresses', { op: 'remove', path: 'emails' }],
    [`${op} in an extension`, { op, path: `${ENTERPRISE}:department`, value: word }],
    [`${op} of a boolean`, { op, path: 'active', value: chance.of([true, false]) }],
  ]);
  return { kind, operations };
}
