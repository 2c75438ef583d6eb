import { isJsonObject, type Json, type JsonObject } from '../json.js';
import type { ResourceType } from '../schema/attribute.js';
import { resolve, splitUrn } from '../schema/target.js';
import type { Resource } from './resource.js';

export interface Projection {
  /** Only these, beside `id` and `schemas`. */
  attributes?: string;
  /** All but these; `id` and `schemas` always stay. */
  excludedAttributes?: string;
}

/** Chosen names: `true` for a whole attribute, else the chosen parts of it. Maps, because a caller's names are keys here. */
type Choice = Map<string, true | Choice>;

const ALWAYS: ReadonlySet<string> = new Set(['schemas', 'id']);

/**
 * Cuts a resource down to what `attributes` and `excludedAttributes` ask for (RFC 7644 §3.9): names in any case, with a URN or
 * a sub-attribute; what nothing defines is ignored, and so is a selection in brackets. Never throws.
 */
export function project(type: ResourceType, resource: Resource, query: Projection): Resource {
  const chosen = choiceOf(type, query.attributes);
  const excluded = choiceOf(type, query.excludedAttributes);
  const kept = chosen === undefined ? resource : pick(resource, new Map([...chosen, ['schemas', true], ['id', true]]));
  if (excluded === undefined) return kept;
  for (const name of ALWAYS) excluded.delete(name);
  return drop(kept, excluded);
}

/**
 * Tells whether a projection leaves anything of an attribute, in the schema's spelling: what it does not want, like the
 * members of a large group, need not be read at all (Q24). Never throws.
 */
export function wants(type: ResourceType, name: string, query: Projection): boolean {
  const isChosen = choiceOf(type, query.attributes)?.has(name) ?? true;
  return isChosen && choiceOf(type, query.excludedAttributes)?.get(name) !== true;
}

function choiceOf(type: ResourceType, list: string | undefined): Choice | undefined {
  if (list === undefined || list.trim() === '') return undefined;
  const choice = new Map<string, true | Choice>();
  for (const name of splitList(list)) choose(choice, stepsOf(type, name));
  return choice;
}

/** Splits at commas outside brackets and quotes, and leaves out what stands in brackets. */
function splitList(list: string): string[] {
  const names = [''];
  let isQuoted = false;
  let isBracketed = false;
  for (const character of list) {
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if (character === '[') isBracketed = true;
    else if (character === ']') isBracketed = false;
    else if (isBracketed) continue;
    else if (character === ',') names.push('');
    else names.push(`${names.pop() ?? ''}${character}`);
  }
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function stepsOf(type: ResourceType, name: string): string[] {
  const split = splitUrn(type, name);
  if (split?.rest === '') return split.schema === type.schema ? [] : [split.schema.id];
  const target = resolve(type, name);
  if (target === undefined) return [];
  const steps = target.sub === undefined ? [target.name] : [target.name, target.sub.name];
  return target.extension === undefined ? steps : [target.extension, ...steps];
}

function choose(choice: Choice, [step, ...rest]: string[]): void {
  if (step === undefined) return;
  const present = choice.get(step);
  if (present === true) return;
  if (rest.length === 0) {
    choice.set(step, true);
    return;
  }
  const inner = present ?? new Map<string, true | Choice>();
  choice.set(step, inner);
  choose(inner, rest);
}

function pick(object: JsonObject, choice: Choice): JsonObject {
  return reduce(object, (name, value) => {
    const chosen = choice.get(name);
    if (chosen === undefined || chosen === true) return chosen && value;
    return inside(value, (part) => pick(part, chosen));
  });
}

function drop(object: JsonObject, choice: Choice): JsonObject {
  return reduce(object, (name, value) => {
    const dropped = choice.get(name);
    if (dropped === undefined || dropped === true) return dropped ? undefined : value;
    return inside(value, (part) => drop(part, dropped));
  });
}

function reduce(object: JsonObject, keep: (name: string, value: Json) => Json | undefined): JsonObject {
  const kept = Object.entries(object).flatMap(([name, value]): [string, Json][] => {
    const left = keep(name, value);
    return left === undefined ? [] : [[name, left]];
  });
  return Object.fromEntries(kept);
}

/** Works inside an object or each element of a list, and leaves out what becomes empty. */
function inside(value: Json, change: (part: JsonObject) => JsonObject): Json | undefined {
  if (Array.isArray(value)) {
    const elements = value.map((item) => inside(item, change)).filter((item) => item !== undefined);
    return elements.length === 0 ? undefined : elements;
  }
  if (!isJsonObject(value)) return value;
  const changed = change(value);
  return Object.keys(changed).length === 0 ? undefined : changed;
}
