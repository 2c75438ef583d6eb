import { quote, ScimError } from '../error.js';
import { isObject } from '../json.js';
import { BULK_OPERATIONS_MAX, checkLimits } from '../limits.js';
import { builtInTypes } from '../schema/resource-types.js';
import type { ResourceType } from '../schema/attribute.js';

/** One operation of a bulk request that can be carried out: what it is about, and the body it would have had by itself. */
export interface BulkOperation {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly bulkId?: string;
  readonly type: Pick<ResourceType, 'name' | 'endpoint'>;
  /** As it stands in the path, `bulkId:…` too; undefined for a POST. */
  readonly id?: string;
  /** The ETag that the resource must have. */
  readonly version?: string;
  readonly data: unknown;
}

/** An operation that cannot be carried out, with what is to be answered for it alone. */
export interface BrokenOperation {
  readonly method: string;
  readonly bulkId?: string;
  readonly error: ScimError;
}

/**
 * Takes a bulk request apart (RFC 7644 §3.7): keys and methods in any case. What is wrong with one operation is told in its
 * place. Throws ScimError: 400 invalidSyntax for a body of another form, 413 for more than 1,000 operations (§3.7.4).
 */
export function readBulk(body: unknown): { operations: (BulkOperation | BrokenOperation)[]; failOnErrors?: number } {
  const operations = isObject(body) ? field(body, 'operations') : undefined;
  if (!isObject(body) || !Array.isArray(operations)) {
    throw new ScimError(400, 'invalidSyntax', 'A bulk request must be an object with a list of Operations.');
  }
  if (operations.length > BULK_OPERATIONS_MAX) {
    throw new ScimError(413, undefined, `A bulk request may have at most ${BULK_OPERATIONS_MAX} operations.`);
  }
  const failOnErrors = field(body, 'failonerrors');
  const isLimit = typeof failOnErrors === 'number' && Number.isInteger(failOnErrors) && failOnErrors > 0;
  if (failOnErrors !== undefined && failOnErrors !== null && !isLimit) {
    throw new ScimError(400, 'invalidValue', 'failOnErrors must be a whole number above 0.');
  }
  const seen = new Set<string>();
  return { operations: operations.map((each) => readOperation(each, seen)), ...(isLimit && { failOnErrors }) };
}

function readOperation(operation: unknown, seen: Set<string>): BulkOperation | BrokenOperation {
  const given = isObject(operation) ? operation : {};
  const text = (name: string) => {
    const value = field(given, name);
    return typeof value === 'string' ? value : undefined;
  };
  const method = text('method')?.toUpperCase() ?? '';
  const bulkId = text('bulkid');
  const about = { ...(bulkId !== undefined && { bulkId }) };
  try {
    if (bulkId !== undefined && seen.has(bulkId)) throw invalid(`The bulkId ${quote(bulkId)} is given twice.`);
    if (bulkId !== undefined) seen.add(bulkId);
    if (method !== 'POST' && method !== 'PUT' && method !== 'PATCH' && method !== 'DELETE') {
      throw invalid('A method must be "POST", "PUT", "PATCH" or "DELETE".');
    }
    const data = field(given, 'data');
    checkLimits(data);
    const version = text('version');
    const where = readPath(text('path') ?? '', method === 'POST');
    return { method, ...about, ...where, ...(version !== undefined && { version }), data };
  } catch (error) {
    if (error instanceof ScimError) return { method, ...about, error };
    throw error;
  }
}

function readPath(path: string, isNew: boolean): Pick<BulkOperation, 'type' | 'id'> {
  const [endpoint = '', id, ...rest] = path.split('/').filter((part) => part !== '');
  const type = Object.values(builtInTypes).find((each) => each.endpoint.toLowerCase() === `/${endpoint.toLowerCase()}`);
  if (type === undefined || rest.length > 0 || (id === undefined) !== isNew) {
    const wanted = isNew ? '"/Users" or "/Groups"' : '"/Users/…" or "/Groups/…"';
    throw new ScimError(400, 'invalidPath', `The path must be ${wanted}; it is ${quote(path)}.`);
  }
  return { type, ...(id !== undefined && { id }) };
}

function field(object: Record<string, unknown>, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}

const invalid = (detail: string) => new ScimError(400, 'invalidSyntax', detail);
