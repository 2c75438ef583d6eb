import { Command, InvalidArgumentError, Option } from 'commander';
import { DIALECT_CHOICES, type DialectChoice } from './mapping/dialect.js';
import { MATCHES, type MatchBy } from './mapping/user-mapping.js';
import type { Settings } from './play.js';
import { tenantUrl, type TenantUrl } from './protocol/tenant-url.js';

const WHOLE_NUMBER_MAX = 1_000_000;

interface Options {
  url: TenantUrl;
  token: string;
  users: number;
  groups: number;
  members: number;
  dialect?: DialectChoice;
  match: MatchBy;
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
    tenant: url,
    token: rest.token,
    sizes: { users, groups, members },
    cycles: rest.cycles,
    seed: rest.seed,
    dialect: rest.dialect ?? (url.hasFeatureFlag ? 'flag' : 'legacy'),
    matchBy: rest.match,
    concurrency: rest.concurrency,
    isRestart: rest.restart === true,
  };
}

function program(): Command {
  return new Command('entra')
    .description("Plays Microsoft Entra ID's provisioning service against a SCIM 2.0 endpoint.")
    .requiredOption('--url <url>', 'the Tenant URL', address)
    .requiredOption('--token <token>', 'the Secret Token', secret)
    .option('--users <n>', 'users in the source directory', wholeNumber(0), 10)
    .option('--groups <n>', 'groups in the source directory', wholeNumber(0), 2)
    .option('--members <n>', 'members of each group', wholeNumber(0), 5)
    .addOption(
      new Option('--dialect <dialect>', 'how a PATCH is written (default: legacy, or flag if the URL has the flag)')
        .choices(DIALECT_CHOICES)
        .default(undefined),
    )
    .option('--cycles <n>', 'provisioning cycles; the source changes before each but the first', wholeNumber(1), 1)
    .option('--seed <n>', 'same seed, same people and same changes', wholeNumber(0), 1)
    .addOption(new Option('--match <attribute>', 'the matching attribute').choices(MATCHES).default('userName'))
    .option('--concurrency <n>', 'requests at the same time', wholeNumber(1), 8)
    .option('--restart', 'one full cycle, nothing remembered, with the source as it is after all cycles')
    .option('--record <file>', 'every request and its answer as a line of JSON, without the token')
    .option('--json', 'the result as one line of JSON')
    .exitOverride();
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
