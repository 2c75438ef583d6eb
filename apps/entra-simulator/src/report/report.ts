import { OUTCOMES, type Counts } from './counts.js';
import type { Example, Reason } from './failures.js';

/** What came of a run. */
export interface Report {
  total: Counts;
  cycles: readonly Counts[];
  reasons: readonly Reason[];
  /** Why the run ended before its time. */
  stopped: string | undefined;
}

/** The report as one line of JSON. */
export function jsonReport({ total, cycles, reasons, stopped }: Report): string {
  return JSON.stringify({ ...total, reasons, cycles, stopped });
}

/** The report for people: a table of counts, and the failures in plain words. */
export function plainReport(report: Report): string {
  const rows = report.cycles.map((counts, index) => row(String(index + 1), counts));
  const lines = table([['cycle', ...OUTCOMES, 'requests', 'writes', 'seconds'], ...rows, row('total', report.total)]);
  return [...lines, '', ...verdict(report), ''].join('\n');
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
