import { OUTCOMES, type Counts } from './counts.js';
import type { Example, Reason } from './failures.js';

/** What came of a run. */
export interface Report {
  /** The same seed plays the same run. */
  seed: number;
  total: Counts;
  cycles: readonly Counts[];
  reasons: readonly Reason[];
  /** Objects that were skipped because the target has several that fit. */
  duplicates: readonly Reason[];
  /** How many objects wait to be tried again. */
  inEscrow: number;
  /** Why the run ended before its time. */
  stopped: string | undefined;
}

/** The report as one line of JSON. */
export function jsonReport({ seed, total, cycles, reasons, duplicates, inEscrow, stopped }: Report): string {
  return JSON.stringify({ seed, ...total, inEscrow, reasons, duplicateTargets: duplicates, cycles, stopped });
}

/** The report for people: a table of counts, and the failures in plain words. */
export function plainReport(report: Report): string {
  const rows = report.cycles.map((counts, index) => row(String(index + 1), counts));
  const lines = table([['cycle', ...OUTCOMES, 'requests', 'writes', 'seconds'], ...rows, row('total', report.total)]);
  return [...lines, '', ...verdict(report), ...besides(report), ''].join('\n');
}

const row = (title: string, counts: Counts): string[] => [
  title,
  ...OUTCOMES.map((outcome) => String(counts[outcome])),
  String(counts.requests),
  String(counts.writes),
  (counts.durationMs / 1_000).toFixed(1),
];

function table(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) => cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}

/** What is no failure, but worth knowing; the seed, so that the run can be repeated. */
function besides({ seed, total, duplicates, inEscrow }: Report): string[] {
  const { onDemand, retried, busy } = total;
  const told: readonly (readonly [number, string])[] = [
    [onDemand, 'provisioned on demand'],
    [retried, 'tried again'],
    [inEscrow, 'waiting to be tried again'],
    [busy, 'answers of a busy server'],
  ];
  return [
    ...told.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}.`),
    ...duplicates.flatMap(({ reason, count, examples }) => [`${count} skipped: ${reason}`, ...examples.map(example)]),
    `Seed ${seed}.`,
  ];
}

function verdict({ reasons, total, stopped }: Report): string[] {
  if (reasons.length === 0) return [total.writes === 0 ? 'Nothing failed. Nothing was written.' : 'Nothing failed.'];
  const title = `${total.failed} ${total.failed === 1 ? 'object' : 'objects'} failed.`;
  const told = reasons.flatMap(({ reason, count, examples }) => [`  ${count} x ${reason}`, ...examples.map(example)]);
  return [...(stopped === undefined ? [] : ['The run was stopped.']), title, ...told];
}

function example({ object, request, status, scimType, detail }: Example): string {
  const answer = [request, status && `→ ${status}`, scimType, detail && `"${detail}"`].filter(Boolean).join(' ');
  return `      ${object}${answer ? `: ${answer}` : ''}`;
}
