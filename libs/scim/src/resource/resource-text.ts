import type { ResourceType } from '../schema/attribute.js';
import { project, type Projection } from './project.js';
import { type Reference, type Stored, toReference, toResource } from './to-resource.js';

/** As much text is put together before it is handed on. */
const PIECE_LENGTH = 32_768;
/** Stand in for what differs from one reference to the next. From the private use area: no address has them. */
const MARK = { value: '\uE000', display: '\uE001' };

/** How a resource is shown whose groups or members may be far too many to be made in one piece. */
export interface View {
  type: ResourceType;
  /** What may be many. */
  name: 'groups' | 'members';
  baseUrl: string;
  wanted: Projection;
}

/** The texts around the `value`s of a reference of one kind; undefined when the projection leaves nothing of it. */
export type Form = readonly string[] | undefined;

/**
 * A resource as JSON around its groups or members: what comes before them and what after, letter for letter as
 * `JSON.stringify` has it for the projected resource. `sample` is one of which the projection leaves something, or undefined
 * when there is none: then all of the text comes before.
 */
export function resourceFrame(
  { type, name, baseUrl, wanted }: View,
  stored: Stored,
  sample: Reference | undefined,
): { before: string; after: string } {
  const shown = sample === undefined ? [] : [sample];
  const resource = project(type, toResource(type, { ...stored, [name]: shown }, baseUrl), wanted);
  if (sample === undefined) return { before: JSON.stringify(resource), after: '' };
  const entries = Object.entries(resource);
  const place = entries.findIndex(([key]) => key === name);
  const textOf = (some: typeof entries) => JSON.stringify(Object.fromEntries(some)).slice(1, -1);
  const [before, after] = [textOf(entries.slice(0, place)), textOf(entries.slice(place + 1))];
  return {
    before: `{${before}${before === '' ? '' : ','}${JSON.stringify(name)}:[`,
    after: `]${after === '' ? '' : ','}${after}}`,
  };
}

/** How references of a kind that have no name of their own are written: an id of this directory goes between each two texts. */
export function referenceForm(view: View, kind: string): Form {
  return markedForm(view, { value: MARK.value, type: kind })?.split(MARK.value);
}

/**
 * Writes a resource as JSON, piece by piece: together the pieces are what `JSON.stringify` makes of the projected resource,
 * letter for letter. `references` are gone through twice; their `value`s are ids, so that nothing in them needs an escape.
 */
export function* resourceText(view: View, stored: Stored, references: Iterable<Reference>): Generator<string> {
  const textOf = referenceWriter(view);
  const sample = firstOf(references, (reference) => textOf(reference) !== undefined);
  const { before, after } = resourceFrame(view, stored, sample);
  let text = before;
  let comma = '';
  for (const reference of sample === undefined ? [] : references) {
    const written = textOf(reference);
    if (written === undefined) continue;
    text += comma + written;
    comma = ',';
    if (text.length < PIECE_LENGTH) continue;
    yield text;
    text = '';
  }
  yield text + after;
}

/** References of one kind differ in their ids and names alone, so each kind is projected once and filled in from then on. */
function referenceWriter(view: View) {
  const forms = new Map<string, string[][] | undefined>();
  return ({ value, type, display }: Reference): string | undefined => {
    const key = `${type ?? ''} ${display === undefined ? '' : 'display'}`;
    if (!forms.has(key)) {
      const marked = { value: MARK.value, type, ...(display !== undefined && { display: MARK.display }) };
      const parts = markedForm(view, marked)?.split(MARK.display);
      forms.set(
        key,
        parts?.map((part) => part.split(MARK.value)),
      );
    }
    const parts = forms.get(key)?.map((part) => part.join(value));
    return display === undefined ? parts?.join('') : parts?.join(JSON.stringify(display).slice(1, -1));
  };
}

function markedForm({ type, name, baseUrl, wanted }: View, marked: Reference): string | undefined {
  const projected = project(type, { [name]: [toReference(name, marked, baseUrl)] }, wanted)[name];
  return Array.isArray(projected) ? JSON.stringify(projected[0]) : undefined;
}

function firstOf<Item>(items: Iterable<Item>, test: (item: Item) => boolean): Item | undefined {
  for (const item of items) if (test(item)) return item;
  return undefined;
}
