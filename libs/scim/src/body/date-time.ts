import { readInstant } from '../filter/operand.js';

// What PostgreSQL reads as the same instant, wherever it runs: a full xsd:dateTime with its zone.
const COMPLETE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/**
 * Reads a dateTime (RFC 7643 §2.3.5): one that says everything is kept as it came (Q58), a day or a time without a zone is
 * taken as UTC and written out. Gives undefined for what is none, the 30th of February too.
 */
export function readDateTime(text: string): string | undefined {
  const instant = readInstant(text);
  if (instant === undefined || !isDay(text)) return undefined;
  return COMPLETE.test(text) ? text : new Date(instant).toISOString();
}

function isDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
