import { quote, ScimError } from '../error.js';
import { readNumber } from '../body/number.js';
import { foldKey } from '../fold.js';
import type { Attribute } from '../schema/attribute.js';
import type { CompareOperator, FilterValue } from './filter.js';

/** A comparison value, read as the type of its attribute. Folded text is compared with folded text. */
export type Operand =
  | { readonly kind: 'text'; readonly text: string; readonly isFolded: boolean }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'instant'; readonly milliseconds: number };

/**
 * Reads a filter's value as the type of the attribute that it is compared with: text in any case unless the attribute is
 * caseExact, "True" as a boolean (Q15), a number with or without quotes, a date as an instant. Throws ScimError 400 invalidFilter where they do not fit.
 */
export function readOperand(attribute: Attribute, path: string, op: CompareOperator, value: FilterValue): Operand {
  if (attribute.type === 'boolean') {
    const text = value.text.toLowerCase();
    if (op !== 'eq' && op !== 'ne') throw unfit(path, op, 'it is true or false and has no order');
    if (text !== 'true' && text !== 'false') throw unfit(path, op, `${quote(value.text)} is not a boolean`);
    return { kind: 'boolean', value: text === 'true' };
  }
  if (attribute.type === 'integer' || attribute.type === 'decimal') {
    const number = readNumber(value.text);
    if (op === 'co' || op === 'sw' || op === 'ew') throw unfit(path, op, 'it is a number, not a text');
    if (number === undefined) throw unfit(path, op, `${quote(value.text)} is not a number`);
    return { kind: 'number', value: number };
  }
  if (attribute.type === 'dateTime') {
    const milliseconds = readInstant(value.text);
    if (op === 'co' || op === 'sw' || op === 'ew') throw unfit(path, op, 'it is a date, not a text');
    if (milliseconds === undefined) throw unfit(path, op, `${quote(value.text)} is not a date`);
    return { kind: 'instant', milliseconds };
  }
  const isFolded = attribute.caseExact !== true;
  return { kind: 'text', text: isFolded ? foldKey(value.text) : value.text, isFolded };
}

function unfit(path: string, op: CompareOperator, reason: string): ScimError {
  return new ScimError(400, 'invalidFilter', `${path} cannot be compared with "${op}": ${reason}.`);
}

const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/i;
// The years 1 to 9999: JavaScript writes any other year in a way that PostgreSQL cannot read.
const INSTANT_MIN = -62_135_596_800_000;
const INSTANT_MAX = 253_402_300_799_999;

/** Reads an ISO 8601 date (RFC 7643 §2.3.5); one without a zone is UTC. Gives undefined for anything else. */
export function readInstant(text: string): number | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const written = text.toUpperCase();
  const hasZone = match[1] !== undefined || !written.includes('T');
  const milliseconds = Date.parse(hasZone ? written : `${written}Z`);
  return milliseconds >= INSTANT_MIN && milliseconds <= INSTANT_MAX ? milliseconds : undefined;
}
