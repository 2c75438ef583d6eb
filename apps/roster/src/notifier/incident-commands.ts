import type { Command } from 'commander';
import type { IncidentDetails, IncidentStatus, IncidentSummary } from '#libs/contracts';
import type { Counter } from '../counter.js';
import { momentFrom } from '../moment.js';
import { table } from '../table.js';
import type { NotifierOffice } from './notifier-office.js';

const LIST_MAX = 200;
const LASTING: IncidentStatus[] = ['open', 'acknowledged'];
const FEW = 8;

interface Json {
  json?: boolean;
}

/** `roster incident …`: what fails, since when, why, and what was done about it. */
export function addIncidentCommands(program: Command, { withOffice, print }: Counter): void {
  const incident = program.command('incident').description('what fails, grouped by what it fails of');

  incident
    .command('list')
    .option('--directory <directory>', 'id or name; all directories unless given')
    .option('--all', 'those that are over, too')
    .option('--json')
    .action(({ directory, all, json }: { directory?: string; all?: boolean } & Json) =>
      withOffice(async (office) => {
        const of = directory === undefined ? null : (await office.directory(directory)).id;
        const statuses: IncidentStatus[] = all === true ? [...LASTING, 'resolved'] : LASTING;
        const found = await office.notifier.findIncidents(of, statuses, LIST_MAX);
        if (json === true) for (const one of found) print(JSON.stringify(one));
        else if (found.length === 0) print('Nothing fails.');
        else print(table(['ID', 'STATUS', 'SINCE', 'FAILURES', 'FAIL NOW', 'WHAT'], found.map(row)));
      }),
    );

  const one = (
    name: string,
    description: string,
    act: (office: NotifierOffice, id: string, options: { for: string }) => Promise<IncidentDetails>,
  ) =>
    incident
      .command(name)
      .description(description)
      .argument('<id>', 'as "incident list" shows it; its beginning is enough')
      .option('--json')
      .action((id: string, options: { for: string } & Json) =>
        withOffice(async ({ notifier }) => {
          const details = await act(notifier, await wholeId(notifier, id), options);
          print(options.json === true ? JSON.stringify(details) : asText(details));
        }),
      );

  one('show', 'all that is known of it, and what to do', (office, id) => office.showIncident(id));
  one('ack', 'somebody has taken it on: no more mail until it is over', (office, id) => office.acknowledge(id));
  one('resolve', 'it is over, whatever still fails', (office, id) => office.resolve(id));
  one('mute', 'no mail of it for a while', (office, id, options) => office.mute(id, later(options.for))).requiredOption(
    '--for <time>',
    '30m, 8h or 7d',
  );
}

/** `8h` from now on. */
function later(span: string): Date {
  const now = new Date();
  return new Date(2 * now.getTime() - momentFrom(span, now).getTime());
}

async function wholeId(office: NotifierOffice, id: string): Promise<string> {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(id)) return id;
  const all = await office.findIncidents(null, [...LASTING, 'resolved'], 500);
  const [found, another] = id === '' ? [] : all.filter((one) => one.id.startsWith(id.toLowerCase()));
  if (found === undefined) throw new Error(`There is no incident "${id}"; "incident list" shows those there are.`);
  if (another !== undefined) throw new Error(`More than one incident begins with "${id}".`);
  return found.id;
}

const whatOf = ({ title, attribute }: IncidentSummary) => (attribute === null ? title : `${title}: ${attribute}`);

const row = (one: IncidentSummary): string[] => [
  one.id,
  one.mutedUntil !== null && one.mutedUntil > new Date().toISOString() ? `${one.status}, muted` : one.status,
  one.openedAt,
  String(one.failures),
  String(one.failing),
  whatOf(one),
];

function asText({ incident, cause, examples, facts, nextTryAt, history }: IncidentDetails): string {
  const { status, failures, failing, openedAt, lastAt, mutedUntil, resolvedAt, because } = incident;
  return [
    whatOf(incident),
    `${status}${resolvedAt === null ? '' : ` since ${resolvedAt} (${because ?? ''})`}${mutedUntil === null ? '' : `, muted until ${mutedUntil}`}`,
    `${failures} failures since ${openedAt}, the last at ${lastAt}; ${failing} fail now`,
    ...(nextTryAt === null ? [] : [`Entra tries again about ${nextTryAt}`]),
    ...(facts === null ? [] : Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}`)),
    '',
    cause.explanation,
    `In Entra: ${cause.inEntra}`,
    `Here: ${cause.inRoster}`,
    ...(examples.length === 0 ? [] : ['', 'For example:']),
    ...examples.map(
      ({ at, method, path, target, status: answer, scimType, detail, id }) =>
        `  ${at}  ${method} ${path}  ${target ?? ''}  ${answer} ${scimType ?? ''}  ${detail ?? ''}  ${id}`,
    ),
    '',
    ...history.slice(-FEW).map(({ at, type, by }) => `${at}  ${type}${by === null ? '' : ` by ${by}`}`),
  ].join('\n');
}
