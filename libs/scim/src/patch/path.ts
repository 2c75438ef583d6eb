import { ScimError } from '../error.js';
import type { Filter } from '../filter/filter.js';
import { FilterParser } from '../filter/parse.js';

/** A PATCH path taken apart: `name[where].sub`, names as written. */
export interface WrittenPath {
  readonly name: string;
  readonly where?: Filter;
  readonly sub?: string;
}

/** Parses the path of a PATCH operation (RFC 7644 §3.5.2, figure 7). Throws ScimError 400 invalidPath, with the position. */
export function parsePatchPath(text: string): WrittenPath {
  const parser = new FilterParser(text, (at, reason) => {
    return new ScimError(400, 'invalidPath', `The path is not valid at position ${at}: ${reason}.`);
  });
  const name = parser.name();
  const where = parser.brackets();
  const sub = where === undefined ? undefined : parser.subName();
  parser.end();
  return { name, where, sub };
}
