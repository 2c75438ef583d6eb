import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { RebuildReport } from '#libs/contracts';
import type { Office } from './office.js';
import type { Counter } from './counter.js';

const BETWEEN_LOOKS_MS = 250;
const BETWEEN_LINES_MS = 5_000;

/** `roster rebuild`: the read model again from the first event, while everything goes on. */
export function addRebuildCommand(program: Command, { withOffice, print }: Counter): void {
  program
    .command('rebuild')
    .description('makes the read model again from the events, beside the one in force, and swaps them')
    .option('--check', 'only compares the two; exit status 1 if they differ')
    .option('--json')
    .action(({ check, json }: { check?: boolean; json?: boolean }) =>
      withOffice(async (office) => {
        const report = await carriedOut(office, check === true, (line) => void process.stderr.write(`${line}\n`));
        if (json === true) print(JSON.stringify(report));
        else for (const line of inWords(report)) print(line);
        if (report.state !== 'done') throw new Error(whyNot(report));
        if (report.isCheck && report.differenceCount !== 0) process.exitCode = 1;
      }),
    );
}

async function carriedOut(office: Office, isCheck: boolean, say: (line: string) => void): Promise<RebuildReport> {
  const run = randomUUID();
  let report = await office.rebuild(run, isCheck ? 'check' : 'swap');
  for (let said = Date.now(); report.state === 'running'; report = await office.rebuild(run)) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
    if (Date.now() - said < BETWEEN_LINES_MS) continue;
    said = Date.now();
    say(`${report.phase}: ${report.events} of ${report.eventsInAll} events`);
  }
  return report;
}

function inWords({ isCheck, state, events, rows, differenceCount = 0, differences = [], waitedMs }: RebuildReport) {
  if (state !== 'done') return [];
  const told = differences.map(({ table, key, what, columns }) => {
    const how = columns === undefined ? '' : ` in ${columns.join(', ')}`;
    return `${table} ${key}: ${what}${how}`;
  });
  const rest = differenceCount - differences.length;
  const counts = Object.entries(rows ?? {}).map(([table, count]) => `${count} in ${table}`);
  const verdict =
    differenceCount === 0
      ? 'The read model is what the events make of it.'
      : `The read model differed from what the events make of it in ${differenceCount} row${differenceCount === 1 ? '' : 's'}${isCheck ? '; "rebuild" without --check puts that right.' : '.'}`;
  return [
    ...told,
    ...(rest > 0 ? [`and ${rest} more`] : []),
    `Read ${events} events; they make ${counts.join(', ')}.`,
    verdict,
    ...(isCheck ? [] : [`The rebuilt one is in force now; writes waited ${waitedMs ?? 0} ms for it.`]),
  ];
}

function whyNot({ state, error }: RebuildReport): string {
  const before = 'The read model that was in force still is.';
  if (state === 'cut-off') {
    return `The directory service that was rebuilding has ended before it was done. ${before} Run it again.`;
  }
  return `The rebuild was given up: ${error ?? 'for an unknown reason'}. ${before}`;
}
