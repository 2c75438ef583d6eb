import { quote, ScimError } from '../error.js';
import { withOnePrimary } from '../apply/primary.js';
import { isJsonObject, isObject, type Json, type JsonObject } from '../json.js';
import { ELEMENTS_MAX } from '../limits.js';
import type { Attribute, AttributeSet } from '../schema/attribute.js';
import { isSimpleList, lookUp } from '../schema/target.js';
import { readDateTime } from './date-time.js';
import { readNumber } from './number.js';

/**
 * Reads what a client sent for an attribute into canonical form, values verbatim (Q58). Null, "" and what has nothing in it are
 * unassigned (RFC 7643 §2.5, Q35, Q47) and give undefined. Throws ScimError 400 invalidValue, naming the attribute by `path`,
 * when the type is wrong.
 */
export function readValue(attribute: Attribute, path: string, raw: unknown): Json | undefined {
  if (!attribute.multiValued) return readElement(attribute, path, raw);
  if (isUnassigned(raw)) return undefined;
  if (isSimpleList(attribute)) return readSimpleList(attribute, path, raw);
  if (!Array.isArray(raw) && !isObject(raw)) throw wrongType(path, 'a list');
  const items: unknown[] = Array.isArray(raw) ? raw : [raw];
  if (items.length > ELEMENTS_MAX) throw invalidValue(`${path} has more than ${ELEMENTS_MAX} values.`);
  const elements = items.map((item) => readElement(attribute, path, item)).filter((item) => item !== undefined);
  return elements.length === 0 ? undefined : withOnePrimary(elements.filter(isJsonObject));
}

/** Reads one value: the value of a single-valued attribute, or one element of a multi-valued one. Throws like readValue. */
export function readElement(attribute: Attribute, path: string, raw: unknown): Json | undefined {
  if (isUnassigned(raw)) return undefined;
  switch (attribute.type) {
    case 'complex':
      return readComplex(attribute.of ?? {}, path, raw);
    case 'boolean':
      return readBoolean(path, raw);
    case 'integer':
    case 'decimal':
      return readNumeric(attribute.type, path, raw);
    case 'dateTime':
      return readTime(attribute, path, raw);
    default:
      return readText(attribute, path, raw);
  }
}

/** A list of texts, numbers or the like, each value once: a set. One alone is a list of one, as Entra sends it. */
function readSimpleList(attribute: Attribute, path: string, raw: unknown): Json[] | undefined {
  const items: unknown[] = Array.isArray(raw) ? raw : [raw];
  if (items.length > ELEMENTS_MAX) throw invalidValue(`${path} has more than ${ELEMENTS_MAX} values.`);
  const values = items.map((item) => readElement(attribute, path, bare(item))).filter((item) => item !== undefined);
  return values.length === 0 ? undefined : [...new Set(values)];
}

/** Clients that know lists of objects only send `{"value": …}` for each value. */
function bare(item: unknown): unknown {
  if (!isObject(item)) return item;
  const found = Object.entries(item).find(([key]) => key.toLowerCase() === 'value');
  return found === undefined ? item : found[1];
}

function isUnassigned(raw: unknown): boolean {
  return raw === undefined || raw === null || raw === '';
}

function readComplex(of: AttributeSet, path: string, raw: unknown): JsonObject | undefined {
  // Entra sends a manager, and others a role, as the bare value (Q10), as an object, or as a list with that one object.
  const single: unknown = of.value !== undefined && Array.isArray(raw) ? raw[0] : raw;
  if (isUnassigned(single)) return undefined;
  if (of.value !== undefined && typeof single === 'string') {
    const value = readElement(of.value, `${path}.value`, single);
    return value === undefined ? undefined : { value };
  }
  if (!isObject(single)) throw wrongType(path, 'an object');
  const element: JsonObject = {};
  for (const [key, item] of Object.entries(single)) {
    const sub = lookUp(of, key);
    if (sub === undefined || sub.attribute.mutability === 'readOnly') continue;
    const value = readElement(sub.attribute, `${path}.${sub.name}`, item);
    if (value !== undefined) element[sub.name] = value;
  }
  return Object.keys(element).length === 0 ? undefined : element;
}

function readBoolean(path: string, raw: unknown): boolean {
  const text = typeof raw === 'string' ? raw.toLowerCase() : raw;
  if (text === true || text === 'true') return true;
  if (text === false || text === 'false') return false;
  throw wrongType(path, 'a boolean');
}

/** Entra writes numbers as texts. Integers beyond 2^53 would come back as another number. */
function readNumeric(type: 'integer' | 'decimal', path: string, raw: unknown): number {
  const number = typeof raw === 'string' ? readNumber(raw) : raw;
  const isOne = type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number);
  if (typeof number !== 'number' || !isOne) {
    throw wrongType(path, type === 'integer' ? 'a whole number' : 'a number');
  }
  return number === 0 ? 0 : number; // no -0, which JSON cannot say
}

function readTime(attribute: Attribute, path: string, raw: unknown): string {
  const time = readDateTime(readText(attribute, path, raw));
  if (time === undefined) throw wrongType(path, 'a date and time, as in 2026-05-13T04:42:34Z');
  return time;
}

function readText(attribute: Attribute, path: string, raw: unknown): string {
  if (typeof raw !== 'string') throw wrongType(path, 'a text');
  if (attribute.lengthMax !== undefined && raw.length > attribute.lengthMax) {
    throw invalidValue(`${path} is longer than ${attribute.lengthMax} characters.`);
  }
  return checkText(path, raw);
}

/** Gives the text back, or throws ScimError 400 invalidValue when PostgreSQL could not store it. */
export function checkText(path: string, text: string): string {
  if (text.isWellFormed() && !text.includes('\0')) return text;
  throw invalidValue(`${path} holds characters that no text can have: ${quote(text)}.`);
}

function wrongType(path: string, wanted: string): ScimError {
  return invalidValue(`${path} must be ${wanted}.`);
}

function invalidValue(detail: string): ScimError {
  return new ScimError(400, 'invalidValue', detail);
}
