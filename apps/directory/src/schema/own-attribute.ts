import type { OwnAttribute } from '#libs/contracts';
import { Refusal } from '#libs/event-sourcing';
import type { Attribute } from '#libs/scim';

const NAME = /^[A-Za-z][\w$-]{0,99}$/; // RFC 7643 §2.1
const DESCRIPTION_LENGTH_MAX = 1_000;
const CANONICAL_VALUES_MAX = 100;
const CANONICAL_VALUE_LENGTH_MAX = 200;
const SUB_ATTRIBUTES_MAX = 50;

type Simple = NonNullable<OwnAttribute['subAttributes']>[number];

/** The attribute that was asked for, as the registry of schemas knows attributes. Throws a Refusal that says what is wrong. */
export function attributeFrom({ name, ...asked }: OwnAttribute): Attribute {
  checkName(name);
  const { type, multiValued, caseExact, description = '', canonicalValues = [], subAttributes = [] } = asked;
  if (description.length > DESCRIPTION_LENGTH_MAX) {
    throw invalid(`The description of ${name} is longer than ${DESCRIPTION_LENGTH_MAX} characters.`);
  }
  if (caseExact !== undefined && type !== 'string') {
    throw invalid(`Only a string can be case-exact or not, and ${name} is ${withArticle(type)}.`);
  }
  if (canonicalValues.length > 0 && type !== 'string') {
    throw invalid(`Only a string has canonical values, and ${name} is ${withArticle(type)}.`);
  }
  const isTooMuch = canonicalValues.some((value) => value === '' || value.length > CANONICAL_VALUE_LENGTH_MAX);
  if (isTooMuch || canonicalValues.length > CANONICAL_VALUES_MAX) {
    throw invalid(
      `${name} can have ${CANONICAL_VALUES_MAX} canonical values of 1 to ${CANONICAL_VALUE_LENGTH_MAX} characters.`,
    );
  }
  return {
    ...characteristics(type),
    description,
    ...(multiValued && { multiValued }),
    ...(caseExact && { caseExact }),
    ...(canonicalValues.length > 0 && { canonicalValues }),
    ...partsOf(name, type, subAttributes),
  };
}

/** All that makes two attributes the same one, in words: whatever a value may be depends on it. */
export function inWords(attribute: Attribute): string {
  const { type, multiValued, caseExact, canonicalValues, of } = attribute;
  const kind = multiValued ? `a multi-valued ${type}` : withArticle(type);
  const words = [
    kind,
    ...(type === 'string' && caseExact ? ['case-exact'] : []),
    ...(canonicalValues ? [`canonically ${canonicalValues.join(' or ')}`] : []),
    ...(of ? [`of ${parts(of).join(', ')}`] : []),
  ];
  return words.join(', ');
}

const parts = (of: NonNullable<Attribute['of']>) =>
  Object.entries(of)
    .map(([name, { type }]) => `${name} (${type})`)
    .sort();

// RFC 7643 §2.3.7: a reference is case-exact.
function characteristics(type: OwnAttribute['type']): Pick<Attribute, 'type' | 'caseExact' | 'referenceTypes'> {
  return type === 'reference' ? { type, caseExact: true, referenceTypes: ['external'] } : { type };
}

function partsOf(name: string, type: OwnAttribute['type'], subAttributes: readonly Simple[]): Pick<Attribute, 'of'> {
  if (type !== 'complex') {
    if (subAttributes.length === 0) return {};
    throw invalid(`Only a complex attribute has sub-attributes, and ${name} is ${withArticle(type)}.`);
  }
  if (subAttributes.length === 0 || subAttributes.length > SUB_ATTRIBUTES_MAX) {
    throw invalid(`The complex attribute ${name} needs 1 to ${SUB_ATTRIBUTES_MAX} sub-attributes.`);
  }
  const seen = new Set<string>();
  const of = subAttributes.map((sub): [string, Attribute] => {
    checkName(sub.name);
    if (seen.has(sub.name.toLowerCase())) throw invalid(`${name} has the sub-attribute ${sub.name} twice.`);
    seen.add(sub.name.toLowerCase());
    return [sub.name, { ...characteristics(sub.type), description: '' }];
  });
  return { of: Object.fromEntries(of) };
}

function checkName(name: string): void {
  // What every object inherits cannot be told from what it has, by programs less careful than ours.
  if (NAME.test(name) && !(name in {})) return;
  const shown = JSON.stringify(name.slice(0, 100));
  throw invalid(`${shown} cannot be an attribute's name: that is a letter, then letters, digits, "-", "_" or "$".`);
}

const withArticle = (type: string) => `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
const invalid = (text: string) => new Refusal('invalid', text);
