import type { DirectoryEvent } from '#libs/contracts';

/** Brings the data of an event from one version to the next. Pure; what it needs must be in the data or be a constant. */
export type Upcaster = (data: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** For each event its steps: the first brings version 1 to version 2, the second 2 to 3 … */
export type Upcasters = Readonly<Record<DirectoryEvent['type'], readonly Upcaster[]>>;

/** What a stored event says of its own form. */
export interface Form {
  type: string;
  version: number;
}

const FIRST = 1;

/** The version in which events of this type are written. */
export const newestVersion = (steps: Upcasters, type: DirectoryEvent['type']): number => FIRST + steps[type].length;

/** Can events of this form be read with these steps? */
export function knowsForm(steps: Upcasters, form: Form): form is Form & { type: DirectoryEvent['type'] } {
  if (!knowsType(steps, form.type)) return false;
  return form.version >= FIRST && form.version <= newestVersion(steps, form.type);
}

/** Is there any form of this type that can be read? */
export const knowsType = (steps: Upcasters, type: string): type is DirectoryEvent['type'] => Object.hasOwn(steps, type);

/** Stored data in the newest form of its type, by all steps from its version on; undefined when its form is not known. */
export function upcast(steps: Upcasters, form: Form, data: Record<string, unknown>): DirectoryEvent | undefined {
  if (!knowsForm(steps, form)) return undefined;
  const newest = steps[form.type].slice(form.version - FIRST).reduce((older, step) => step(older), data);
  // That it has the shape of today is what the steps promise, and their golden files check.
  return { type: form.type, data: newest } as DirectoryEvent;
}
