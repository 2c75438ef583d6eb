import { ScimError } from '../error.js';
import { isObject } from '../json.js';
import { applyOperation } from '../apply/apply.js';
import type { Attributes } from '../resource/resource.js';
import type { ResourceType } from '../schema/attribute.js';
import { groupType, userType } from '../schema/resource-types.js';
import { pathOf } from '../schema/target.js';
import { patchPath } from '../patch/operation.js';
import { readAssignments } from './assignments.js';
import { isMembers, readMemberIds } from './members.js';
import { checkRequired } from './required.js';
import { readValue } from './value.js';

/**
 * Reads the body of a POST or PUT of a user (RFC 7644 §3.3, §3.5.1) into canonical attributes: names as in the RFC, "True" as
 * a boolean (Q1), a bare manager as an object (Q10), nothing unassigned (Q35). What is unknown or readOnly is left out.
 * The type is that of the directory, with its own extensions. Throws ScimError 400: invalidSyntax when it is no object; invalidValue, naming the attribute, when a value has the wrong
 * type or userName is missing.
 */
export function readUser(body: unknown, type = userType): Attributes {
  return readAttributes(type, objectOf(body));
}

/**
 * Reads the body of a POST or PUT of a group: its attributes, and the ids of its members, each once (Q29, Q30). Throws like
 * readUser; displayName is required.
 */
export function readGroup(body: unknown, type = groupType): { attributes: Attributes; members: string[] } {
  const whole = objectOf(body);
  const members = readAssignments(type, whole)
    .filter(({ target }) => isMembers(target))
    .flatMap(({ raw }) => readMemberIds(raw));
  return { attributes: readAttributes(type, whole), members: [...new Set(members)] };
}

/** Gives the body when it is a JSON object; else throws ScimError 400 invalidSyntax. */
function objectOf(body: unknown): Record<string, unknown> {
  if (isObject(body)) return body;
  throw new ScimError(400, 'invalidSyntax', 'The body must be a JSON object.');
}

function readAttributes(type: ResourceType, body: Record<string, unknown>): Attributes {
  const attributes: Attributes = {};
  for (const { target, raw } of readAssignments(type, body)) {
    if (isMembers(target)) continue;
    const { attribute } = target.sub ?? target;
    const value = readValue(attribute, pathOf(target), raw);
    if (value !== undefined) applyOperation(type, attributes, { op: 'replace', path: patchPath(target), value });
  }
  checkRequired(type, attributes);
  return attributes;
}
