import { Command, InvalidArgumentError, Option } from 'commander';
import { DIALECT_CHOICES, type DialectChoice } from './mapping/dialect.js';
import { ROLE_CHOICES, type RoleChoice } from './mapping/role-mapping.js';
import {
  BOOLEAN_CHOICES,
  CHAOS,
  MANAGER_CHOICES,
  REMOVAL_CHOICES,
  type BooleanChoice,
  type ManagerChoice,
  type RemovalChoice,
  type Styles,
} from './mapping/style.js';
import { MATCHES, type MatchBy } from './mapping/user-match.js';
import type { Settings } from './play.js';
import { WHEN_BUSY, type WhenBusy } from './protocol/scim.client.js';
import { tenantUrl, type TenantUrl } from './protocol/tenant-url.js';
import { ESCROW_CHOICES, type EscrowChoice } from './steps/escrow.js';

const WHOLE_NUMBER_MAX = 1_000_000;

/** How many users, and as many groups, are provisioned by hand before a cycle of a run in which everything happens. */
const CHAOS_ON_DEMAND = 3;

interface Options {
  url: TenantUrl;
  token: string;
  users: number;
  groups: number;
  members: number;
  dialect?: DialectChoice;
  match?: MatchBy[];
  roles?: RoleChoice;
  booleans?: BooleanChoice;
  manager?: ManagerChoice;
  removal?: RemovalChoice;
  custom: string[];
  onDemand?: number;
  skipOutOfScope?: true;
  whenBusy: WhenBusy;
  escrow: EscrowChoice;
  chaos?: true;
  cycles: number;
  seed: number;
  concurrency: number;
  restart?: true;
  record?: string;
  json?: true;
}

/** A run, and what becomes of what is seen in it. */
export interface Asked {
  settings: Settings;
  isJson: boolean;
  recordIn: string | undefined;
}

/** What the words on the command line ask for. Throws commander's error, after it told the caller why. */
export function commandLine(words: readonly string[]): Asked {
  const command = program();
  command.parse(words, { from: 'user' });
  const options = command.opts<Options>();
  return { settings: settingsFrom(options), isJson: options.json === true, recordIn: options.record };
}

function settingsFrom(options: Options): Settings {
  const { url, users, groups, members, ...rest } = options;
  return {
    ...stylesFrom(options),
    tenant: url,
    token: rest.token,
    sizes: { users, groups, members },
    cycles: rest.cycles,
    seed: rest.seed,
    concurrency: rest.concurrency,
    isRestart: rest.restart === true,
    onDemand: rest.onDemand ?? (rest.chaos ? CHAOS_ON_DEMAND : 0),
    customs: rest.custom,
    isOutOfScopeSkipped: rest.skipOutOfScope === true,
    whenBusy: rest.whenBusy,
    escrow: rest.escrow,
  };
}

/** What is said on the command line outweighs chaos, and chaos what is usual. */
function stylesFrom({ url, chaos, dialect, match, roles, booleans, manager, removal }: Options): Styles {
  const usual: Styles = {
    dialect: url.hasFeatureFlag ? 'flag' : 'legacy',
    matchBy: ['userName', 'externalId'],
    roles: 'none',
    booleans: 'dialect',
    manager: 'any',
    removal: 'dialect',
    isOdd: false,
  };
  const base = chaos ? CHAOS : usual;
  return {
    dialect: dialect ?? base.dialect,
    matchBy: match ?? base.matchBy,
    roles: roles ?? base.roles,
    booleans: booleans ?? base.booleans,
    manager: manager ?? base.manager,
    removal: removal ?? base.removal,
    isOdd: base.isOdd,
  };
}

function program(): Command {
  const choice = (flags: string, text: string, choices: readonly string[]) =>
    new Option(flags, text).choices(choices).default(undefined);
  return new Command('entra')
    .description("Plays Microsoft Entra ID's provisioning service against a SCIM 2.0 endpoint.")
    .addOption(new Option('--url <url>', 'the Tenant URL').env('SCIM_URL').argParser(address).makeOptionMandatory())
    .addOption(
      new Option('--token <token>', 'the Secret Token').env('SCIM_TOKEN').argParser(secret).makeOptionMandatory(),
    )
    .option('--users <n>', 'users in the source directory', wholeNumber(0), 10)
    .option('--groups <n>', 'groups in the source directory', wholeNumber(0), 2)
    .option('--members <n>', 'members of each group', wholeNumber(0), 5)
    .option('--cycles <n>', 'provisioning cycles; the source changes before each but the first', wholeNumber(1), 1)
    .option('--seed <n>', 'same seed, same people, same changes, same requests', wholeNumber(0), 1)
    .option('--concurrency <n>', 'requests at the same time', wholeNumber(1), 8)
    .option('--restart', 'one full cycle, nothing remembered, with the source as it is after all cycles')
    .option(
      '--chaos',
      'every dialect, form and odd variant that has been seen, mixed at random from request to request',
    )
    .addOption(
      choice(
        '--dialect <dialect>',
        'how a PATCH is written (legacy, or flag if the URL has the flag)',
        DIALECT_CHOICES,
      ),
    )
    .option('--match <list>', `matching attributes in their precedence: ${MATCHES.join(', ')}`, precedence)
    .addOption(choice('--roles <expression>', 'how application roles are mapped (none)', ROLE_CHOICES))
    .addOption(choice('--booleans <style>', 'how booleans are written', BOOLEAN_CHOICES))
    .addOption(choice('--manager <form>', 'how a manager is named', MANAGER_CHOICES))
    .addOption(choice('--removal <form>', 'how members to remove are named', REMOVAL_CHOICES))
    .option('--custom <urn:name>', 'an attribute of an extension in /Schemas to map; may be repeated', collected, [])
    .option('--on-demand <n>', 'users, and as many groups, provisioned by hand before a cycle', wholeNumber(0))
    .option('--skip-out-of-scope', 'nothing is sent of users that leave the scope (SkipOutOfScopeDeletions)')
    .addOption(
      new Option('--when-busy <way>', 'after a 429 or 503: wait as Retry-After says, or come again in the next cycle')
        .choices(WHEN_BUSY)
        .default('wait'),
    )
    .addOption(
      new Option('--escrow <way>', "when what failed is tried again: in the next cycle, or at Entra's times")
        .choices(ESCROW_CHOICES)
        .default('next'),
    )
    .option('--record <file>', 'every request and its answer as a line of JSON, without the token')
    .option('--json', 'the result as one line of JSON')
    .exitOverride();
}

const collected = (text: string, before: readonly string[]): string[] => {
  if (/^urn:.+:[\w$-]+$/i.test(text)) return [...before, text];
  throw new InvalidArgumentError('The URN of an extension, a colon and the name of an attribute are needed.');
};

function precedence(text: string): MatchBy[] {
  return text.split(',').map((word) => {
    const found = MATCHES.find((each) => each === word.trim());
    if (found) return found;
    throw new InvalidArgumentError(`Matching attributes are ${MATCHES.join(', ')}.`);
  });
}

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= WHOLE_NUMBER_MAX) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${WHOLE_NUMBER_MAX} is needed.`);
  };
}

function address(text: string): TenantUrl {
  try {
    return tenantUrl(text);
  } catch {
    throw new InvalidArgumentError('An http or https address is needed.');
  }
}

/** A token that cannot stand in a header would otherwise look like an endpoint that does not answer. */
function secret(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new InvalidArgumentError('A token has no spaces and at least one character.');
}
