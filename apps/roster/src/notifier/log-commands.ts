import { type Command, InvalidArgumentError, Option } from 'commander';
import type { LogEntry } from '#libs/contracts';
import type { Counter } from '../counter.js';
import { momentFrom } from '../moment.js';
import { CSV_HEADINGS, detailsAsText, entryAsCsv, entryAsLine } from './log-lines.js';
import { followLog, type LogWish, newestOfLog, wholeLog } from './log-reader.js';

interface LogOptions {
  directory?: string;
  unclaimed?: true;
  since: string;
  until?: string;
  failed?: true;
  status?: number;
  resource?: 'User' | 'Group';
  target?: string;
  key?: string;
  limit: number;
  follow?: true;
  csv?: true;
  json?: true;
  all?: true;
}

const LIMIT_MAX = 1_000;

/** `roster log …`: every request of a directory, and what became of it. */
export function addLogCommands(program: Command, { withOffice, print }: Counter): void {
  const log = program
    .command('log')
    .description('every SCIM request, and what became of it')
    .option('--directory <directory>', 'id or name')
    .option('--unclaimed', 'requests with no key, or one that nobody has')
    .option('--since <time>', '30m, 1h or 7d ago, or a date and time', '24h')
    .option('--until <time>', 'the same')
    .option('--failed', 'only what failed')
    .option('--status <status>', 'only what was answered so', wholeNumber(100, 599))
    .addOption(new Option('--resource <type>', 'only what was about these').choices(['User', 'Group']))
    .option('--target <id or name>', 'only what was about this one')
    .option('--key <id>', 'only what came with this key')
    .option('--limit <n>', 'the newest so many', wholeNumber(1, LIMIT_MAX), 100)
    .option('--all', 'not the newest only, but everything since then')
    .option('--follow', 'go on as requests come')
    .option('--csv', 'as CSV, everything since then')
    .option('--json', 'one JSON object a line')
    .action((options: LogOptions) =>
      withOffice(async (office) => {
        const directory = options.unclaimed === true ? null : (await office.directory(wanted(options))).id;
        const wish = wishFrom(options);
        const show = shownAs(options);
        if (options.csv === true) print(CSV_HEADINGS);
        if (options.csv === true || options.all === true) {
          for await (const entry of wholeLog(office.notifier, directory, wish)) print(show(entry));
          return;
        }
        const newest = await newestOfLog(office.notifier, directory, wish, options.limit);
        for (const entry of newest) print(show(entry));
        if (options.follow !== true) return;
        for await (const entry of followLog(office.notifier, directory, wish, newest)) print(show(entry));
      }),
    );

  log
    .command('show')
    .description('one request with its answer, what it changed, why it failed and what to do')
    .argument('<id>', 'the last word of its line')
    .option('--json')
    .action((id: string, _own: object, command: Command) =>
      withOffice(async (office) => {
        const details = await office.notifier.showLog(id);
        print(command.optsWithGlobals<LogOptions>().json === true ? JSON.stringify(details) : detailsAsText(details));
      }),
    );
}

function wanted({ directory }: LogOptions): string {
  if (directory === undefined) throw new Error('Name a directory with --directory, or ask for --unclaimed requests.');
  return directory;
}

function wishFrom({ since, until, failed, status, resource, target, key }: LogOptions): LogWish {
  const now = new Date();
  return {
    since: momentFrom(since, now).toISOString(),
    until: until === undefined ? undefined : momentFrom(until, now).toISOString(),
    isFailed: failed,
    status,
    resourceType: resource,
    target,
    keyId: key,
  };
}

function shownAs({ csv, json }: LogOptions): (entry: LogEntry) => string {
  if (csv === true) return entryAsCsv;
  return json === true ? (entry) => JSON.stringify(entry) : entryAsLine;
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is needed.`);
  };
}
