import type { Random } from '../random.js';
import type { AppRole, SourceUser } from './source.js';

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

const ROLES: readonly AppRole[] = [
  { id: '18d14569-c3bd-439b-9a66-3a2aee01d14f', value: 'Admin', displayName: 'Administrator' },
  { id: '5a2cd1e4-0f6b-4a3e-8f0e-d6b8e2a3c7f1', value: '25', displayName: 'Role "25" of R&D' },
  { id: '9f0c2b7d-3e4a-4d68-9c1b-7a5e8d2f6b03', value: 'Reader', displayName: 'Léser' },
];

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

/** None, one or several of the roles of the application. */
export const appRoles = (random: Random) => random.shuffled(ROLES).slice(0, random.below(ROLES.length + 1));

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
    isInScope: true,
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
    employeeId: sometimes(`E${seed}-${10_000 + number}`),
    department: sometimes(department(random)),
    strayManager: random.chance(0.1) ? strayManager(random) : undefined,
    roles: appRoles(random),
    customDraw: random.below(1_000),
  };
}

const strayManager = (random: Random) =>
  Array.from({ length: 10 }, () => String.fromCharCode(65 + random.below(26))).join('');

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
