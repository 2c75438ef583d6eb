import { quote, ScimError } from '../error.js';
import { isObject } from '../json.js';
import { PATCH_OPERATIONS_MAX } from '../limits.js';

/** A PATCH operation as the client wrote it; without `path` it works on the whole resource. */
export interface WrittenOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly raw: unknown;
}

/**
 * Takes a PATCH body apart (RFC 7644 §3.5.2): `op` in any case (Q2), keys in any case, no operation at all is fine (Q56).
 * Throws ScimError 400: invalidSyntax for a body, a list or an operation of the wrong form or more than 1,000 operations,
 * invalidPath for a path that is no text, noTarget for a `remove` without path.
 */
export function readWrittenOperations(body: unknown): WrittenOperation[] {
  const operations = isObject(body) ? field(body, 'operations') : undefined;
  if (!Array.isArray(operations)) throw syntax('A PATCH body must be an object with a list of Operations.');
  if (operations.length > PATCH_OPERATIONS_MAX) {
    throw syntax(`A PATCH may have at most ${PATCH_OPERATIONS_MAX} operations.`);
  }
  return operations.map(readOperation);
}

function readOperation(operation: unknown): WrittenOperation {
  if (!isObject(operation)) throw syntax('Each of the Operations must be an object.');
  const written = field(operation, 'op');
  const op = typeof written === 'string' ? written.toLowerCase() : '';
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    const found = typeof written === 'string' ? quote(written) : 'missing or no text';
    throw syntax(`An op must be "add", "replace" or "remove"; it is ${found}.`);
  }
  const path = field(operation, 'path');
  const raw = field(operation, 'value');
  if (path === undefined || path === null || path === '') {
    if (op === 'remove') throw new ScimError(400, 'noTarget', 'A "remove" needs a path.');
    return { op, raw };
  }
  if (typeof path !== 'string') throw new ScimError(400, 'invalidPath', 'A path must be a text.');
  return { op, path, raw };
}

function field(object: Record<string, unknown>, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}

function syntax(detail: string): ScimError {
  return new ScimError(400, 'invalidSyntax', detail);
}
