import type { Random } from '../random.js';
import type { SourceUser } from './source.js';

// Accents, apostrophes and hyphens on purpose: values have to come back exactly as they were sent.
const GIVEN_NAMES = ['Ada', 'Joy', 'Zoë', 'José', 'Nguyễn', 'Søren', 'Mary Ann', 'Björn', 'Chloé', 'Ibrahim'] as const;
const SURNAMES = ['Young', "O'Neil", 'Müller', 'García-López', 'Łukasz', 'van der Berg', 'Ito', 'Šimić'] as const;
const TITLES = ['Engineer', 'Senior Engineer', 'Analyst', 'Director, R&D', 'Team "A" Lead', 'Buyer'] as const;
const DEPARTMENTS = ['Research', 'Sales', 'Human Resources', 'Legal & Compliance', 'Finance', 'IT'] as const;
const LANGUAGES = ['en-US', 'de-DE', 'fr-CA', 'pt-BR'] as const;
const OFFICES = [
  { city: 'Redmond', state: 'WA', postalCode: '98052', country: 'US', streetAddress: '1 Main St' },
  { city: 'Köln', state: 'NRW', postalCode: '50667', country: 'DE', streetAddress: 'Domstraße 4' },
  { city: 'Montréal', state: 'QC', postalCode: 'H2Y 1C6', country: 'CA', streetAddress: '12, rue Saint-Paul' },
] as const;

/** A phone number in one of the ways people write them; a target may not tidy it up. */
export function phoneNumber(random: Random): string {
  const line = String(100 + random.below(900));
  return random.pick([`+1 425 555 0${line}`, `+1 (425) 555-0${line}`, `0221 / 555 ${line}`, `+49.221.555${line}`]);
}

export const jobTitle = (random: Random, unlike?: string) => random.pick(without(TITLES, unlike));
export const department = (random: Random, unlike?: string) => random.pick(without(DEPARTMENTS, unlike));
export const surname = (random: Random, unlike?: string) => random.pick(without(SURNAMES, unlike));

export function office(random: Random, unlike?: string): Partial<SourceUser> {
  const elsewhere = OFFICES.filter(({ city }) => city !== unlike);
  const address = random.pick([elsewhere[0] ?? OFFICES[0], ...elsewhere.slice(1)]);
  return { ...address, physicalDeliveryOfficeName: `Building ${random.pick(['A', 'B', 'C'])}` };
}

/** Somebody new, with an optional attribute missing here and there. */
export function person(seed: number, number: number, random: Random): SourceUser {
  const givenName = random.pick(GIVEN_NAMES);
  const family = surname(random);
  const address = `${plain(givenName)}.${plain(family)}.${seed}-${number}@example.com`;
  const sometimes = <Value>(value: Value): Value | undefined => (random.chance(0.75) ? value : undefined);
  return {
    objectId: random.guid(),
    userPrincipalName: address,
    accountEnabled: true,
    displayName: `${givenName} ${family}`,
    givenName,
    surname: family,
    mail: random.chance(0.5) ? capitalised(address) : address,
    jobTitle: sometimes(jobTitle(random)),
    preferredLanguage: sometimes(random.pick(LANGUAGES)),
    telephoneNumber: sometimes(phoneNumber(random)),
    mobile: sometimes(phoneNumber(random)),
    facsimileTelephoneNumber: random.chance(0.2) ? phoneNumber(random) : undefined,
    ...sometimes(office(random)),
    employeeId: sometimes(`E${String(10_000 + number)}`),
    department: sometimes(department(random)),
  };
}

function without<Value>(values: readonly [Value, ...Value[]], unlike: unknown): readonly [Value, ...Value[]] {
  const [first, ...rest] = values.filter((value) => value !== unlike);
  return first === undefined ? values : [first, ...rest];
}

const plain = (name: string) =>
  name
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/g, '')
    .toLowerCase();

const capitalised = (address: string) => address.charAt(0).toUpperCase() + address.slice(1);
