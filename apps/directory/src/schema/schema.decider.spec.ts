import type { DirectoryCommand, OwnAttribute } from '#libs/contracts';
import { fold } from '#libs/event-sourcing';
import type { Extension } from '#libs/scim';
import { given } from '#libs/testing';
import { schemaDecider } from './schema.decider.js';

const URN = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

type Extend = Extract<DirectoryCommand, { do: 'extend-schema' }>;
const extend = (attribute: OwnAttribute, more: Partial<Extend> = {}): Extend => ({
  do: 'extend-schema',
  urn: URN,
  resourceType: 'User',
  attribute,
  ...more,
});
const reduce = (attribute: string, urn = URN) => ({ do: 'reduce-schema', urn, attribute }) as const;
const costNumber: OwnAttribute = { name: 'costNumber', type: 'string' };

const roster = (more: Partial<Extension>): Extension => ({
  id: URN,
  resourceType: 'User',
  name: 'CustomUser',
  description: 'Attributes of users in this directory',
  attributes: {},
  ...more,
});
const TEXT = { type: 'string', description: '' } as const;
const extended = (extension: Extension, attribute = 'costNumber') =>
  ({ type: 'DirectorySchemaExtended', data: { extension, attribute } }) as const;
const reduced = (extension: Extension, attribute = 'costNumber') =>
  ({ type: 'DirectorySchemaReduced', data: { extension, attribute } }) as const;
const added = extended(roster({ attributes: { costNumber: TEXT } }));
const withdrawn = reduced(roster({ withdrawn: { costNumber: TEXT } }));

/** What a refusal says. */
function refusal(
  command: Parameters<typeof schemaDecider.decide>[0],
  ...history: Parameters<typeof schemaDecider.evolve>[1][]
) {
  try {
    schemaDecider.decide(command, fold(schemaDecider, history));
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'nothing was refused';
}

describe('an attribute of a directory’s own', () => {
  it('is declared once; asked twice, nothing happens, in whatever case it is written', () => {
    given(schemaDecider).when(extend(costNumber)).then(added);
    given(schemaDecider, added).when(extend(costNumber)).nothingHappens();
    given(schemaDecider, added)
      .when(extend({ ...costNumber, name: 'COSTNUMBER' }, { urn: URN.toUpperCase() }))
      .nothingHappens();
  });

  it('stands beside those before it', () => {
    const attributes = {
      costNumber: TEXT,
      floors: { type: 'integer', description: 'Where', multiValued: true },
    } as const;
    given(schemaDecider, added)
      .when(extend({ name: 'floors', type: 'integer', multiValued: true, description: 'Where' }))
      .then(extended(roster({ attributes }), 'floors'));
  });

  it.each<[OwnAttribute, string]>([
    [{ ...costNumber, type: 'integer' }, 'is a string, and cannot become an integer'],
    [{ ...costNumber, multiValued: true }, 'is a string, and cannot become a multi-valued string'],
    [{ ...costNumber, caseExact: true }, 'is a string, and cannot become a string, case-exact'],
    [{ ...costNumber, canonicalValues: ['a', 'b'] }, 'cannot become a string, canonically a or b'],
  ])('cannot become something else: %j', (attribute, words) => {
    given(schemaDecider, added).when(extend(attribute)).refuses('conflict');
    expect(refusal(extend(attribute), added)).toContain(`costNumber of ${URN} `);
    expect(refusal(extend(attribute), added)).toContain(words);
  });

  it('takes a new description, and keeps the old one when none is given', () => {
    const described = extended(roster({ attributes: { costNumber: { ...TEXT, description: 'Where costs go' } } }));
    given(schemaDecider, added)
      .when(extend({ ...costNumber, description: 'Where costs go' }))
      .then(described);
    given(schemaDecider, described).when(extend(costNumber)).nothingHappens();
  });

  it('may be complex, with sub-attributes of its own', () => {
    const of = { city: TEXT, zip: { type: 'integer', description: '' } } as const;
    given(schemaDecider)
      .when(
        extend({
          name: 'site',
          type: 'complex',
          subAttributes: [
            { name: 'city', type: 'string' },
            { name: 'zip', type: 'integer' },
          ],
        }),
      )
      .then(extended(roster({ attributes: { site: { type: 'complex', description: '', of } } }), 'site'));
  });

  it('that is a reference is case-exact (RFC 7643 §2.3.7)', () => {
    const badge = { type: 'reference', description: '', caseExact: true, referenceTypes: ['external'] } as const;
    given(schemaDecider)
      .when(extend({ name: 'badge', type: 'reference' }))
      .then(extended(roster({ attributes: { badge } }), 'badge'));
  });

  it('is withdrawn once, and comes back only as what it was, since values may still be stored', () => {
    given(schemaDecider, added).when(reduce('costnumber')).then(withdrawn);
    given(schemaDecider, added, withdrawn).when(reduce('costNumber')).nothingHappens();
    given(schemaDecider, added, withdrawn).when(extend(costNumber)).then(added);
    given(schemaDecider, added, withdrawn)
      .when(extend({ ...costNumber, type: 'boolean' }))
      .refuses('conflict');
    expect(refusal(extend({ ...costNumber, type: 'boolean' }), added, withdrawn)).toMatch(
      /was, when it was withdrawn, a string/,
    );
  });

  it('cannot be withdrawn when there is none', () => {
    given(schemaDecider, added).when(reduce('shoeSize')).refuses('not-found');
    given(schemaDecider, added).when(reduce('department', ENTERPRISE)).refuses('not-found');
  });

  it.each(['', '1st', 'two words', 'ä', '__proto__', 'constructor', 'toString', 'a.b', 'a:b', "a'b", 'x'.repeat(101)])(
    'cannot be called %j',
    (name) =>
      given(schemaDecider)
        .when(extend({ name, type: 'string' }))
        .refuses('invalid'),
  );

  it.each<OwnAttribute>([
    { name: 'a', type: 'boolean', caseExact: true },
    { name: 'a', type: 'integer', canonicalValues: ['1'] },
    { name: 'a', type: 'string', canonicalValues: [''] },
    { name: 'a', type: 'string', subAttributes: [{ name: 'b', type: 'string' }] },
    { name: 'a', type: 'complex' },
    {
      name: 'a',
      type: 'complex',
      subAttributes: [
        { name: 'b', type: 'string' },
        { name: 'B', type: 'string' },
      ],
    },
    { name: 'a', type: 'complex', subAttributes: [{ name: '__proto__', type: 'string' }] },
    { name: 'a', type: 'string', description: 'x'.repeat(1_001) },
  ])('cannot be %j', (attribute) => given(schemaDecider).when(extend(attribute)).refuses('invalid'));

  it('is one of 500 at most, in 20 extensions at most', () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`a${at}`, TEXT]));
    given(schemaDecider, extended(roster({ attributes: many })))
      .when(extend(costNumber))
      .refuses('invalid');
    const extensions = Array.from({ length: 20 }, (_, at) => extended(roster({ id: `urn:acme:${at}:User` })));
    given(schemaDecider, ...extensions)
      .when(extend(costNumber))
      .refuses('invalid');
  });
});

describe('the URN of an extension', () => {
  it.each([
    '',
    'roster',
    'http://acme.example/schema',
    'urn:',
    'urn:x',
    'urn:acme:a b',
    "urn:acme:a'b",
    'urn:acme:a[b]',
    'urn:acme:user.',
    `urn:acme:${'x'.repeat(200)}`,
    'urn:ietf:params:scim:schemas:core:2.0:User',
    'urn:ietf:params:scim:schemas:core:2.0:Widget',
    'urn:ietf:params:scim:api:messages:2.0:PatchOp',
    ENTERPRISE,
    ENTERPRISE.toUpperCase(),
  ])('cannot be %j', (urn) => given(schemaDecider).when(extend(costNumber, { urn })).refuses('invalid'));

  it.each([`${URN}:more`, `${URN}.more`, URN.slice(0, -5), `${ENTERPRISE}:more`])(
    'cannot be %s beside those there are, because no path could tell them apart',
    (urn) => given(schemaDecider, added).when(extend(costNumber, { urn })).refuses('conflict'),
  );

  it('belongs to users or to groups, not to both', () => {
    given(schemaDecider, added)
      .when(extend(costNumber, { resourceType: 'Group' }))
      .refuses('conflict');
    expect(refusal(extend(costNumber, { resourceType: 'Group' }), added)).toMatch(/extends User.*cannot extend Group/);
  });
});
