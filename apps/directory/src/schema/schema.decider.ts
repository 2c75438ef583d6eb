import type { DirectoryCommand, DirectoryEvent } from '#libs/contracts';
import { type Decider, Refusal } from '#libs/event-sourcing';
import type { Attribute, AttributeSet, Extension } from '#libs/scim';
import type { Decision } from '../engine/decision.js';
import type { KnownDirectory } from '../engine/world.js';
import { attributeFrom, inWords } from './own-attribute.js';
import { checkUrn, isSameUrn } from './urn.js';

type SchemaCommand = Extract<DirectoryCommand, { do: 'extend-schema' | 'reduce-schema' }>;
type SchemaEvent = Extract<DirectoryEvent, { type: 'DirectorySchemaExtended' | 'DirectorySchemaReduced' }>;

const EXTENSIONS_MAX = 20;
/** Of all extensions together, withdrawn ones too: each gateway holds them in memory. */
const ATTRIBUTES_MAX = 500;

/**
 * The rules of what a directory has of its own. An attribute is declared once: asked twice, nothing happens, and a
 * contradiction is refused, because values of the first kind may be stored. For the same reason one that was withdrawn can
 * only come back as what it was.
 */
export const schemaDecider: Decider<readonly Extension[], SchemaCommand, SchemaEvent> = {
  initial: [],
  decide: (command, extensions) =>
    command.do === 'extend-schema' ? extend(command, extensions) : reduce(command, extensions),
  evolve: (extensions, { data: { extension } }) => {
    const isKnown = extensions.some(({ id }) => id === extension.id);
    return isKnown
      ? extensions.map((each) => (each.id === extension.id ? extension : each))
      : [...extensions, extension];
  },
};

/** Decides in the world of the batch engine, where schemas are a part of their directory. */
export function decideSchema(command: SchemaCommand, { id, extensions }: KnownDirectory): Decision {
  const events = schemaDecider.decide(command, extensions);
  return { events: events.map((event) => ({ entityType: 'directory', entityId: id, event })), subject: null };
}

function extend(command: SchemaCommand & { do: 'extend-schema' }, extensions: readonly Extension[]): SchemaEvent[] {
  const { urn, resourceType } = command;
  checkUrn(urn, extensions);
  const asked = attributeFrom(command.attribute);
  const known = extensions.find(({ id }) => isSameUrn(id, urn));
  if (known && known.resourceType !== resourceType) {
    throw new Refusal('conflict', `${known.id} extends ${known.resourceType}, so it cannot extend ${resourceType}.`);
  }
  const extension = known ?? emptyExtension(urn, resourceType);
  const present = find(extension.attributes, command.attribute.name);
  const former = find(extension.withdrawn ?? {}, command.attribute.name);
  refuseContradiction(extension, present, asked, 'is');
  refuseContradiction(extension, former, asked, 'was, when it was withdrawn,');
  // No description says nothing about one that is there.
  const { description } = command.attribute;
  if (present !== undefined) {
    const said = present.attribute.description;
    if ((description ?? said) === said) return [];
  } else if (former === undefined) refuseTooMany(extensions, known === undefined);

  const name = present?.name ?? former?.name ?? command.attribute.name;
  const kept = description === undefined ? { ...asked, description: former?.attribute.description ?? '' } : asked;
  const attributes = { ...extension.attributes, [name]: kept };
  return [event('DirectorySchemaExtended', { ...extension, attributes }, without(extension.withdrawn, name), name)];
}

function reduce(command: SchemaCommand & { do: 'reduce-schema' }, extensions: readonly Extension[]): SchemaEvent[] {
  const extension = extensions.find(({ id }) => isSameUrn(id, command.urn));
  const present = extension && find(extension.attributes, command.attribute);
  if (extension !== undefined && present !== undefined) {
    const { name, attribute } = present;
    const attributes = without(extension.attributes, name);
    const withdrawn = { ...extension.withdrawn, [name]: attribute };
    return [event('DirectorySchemaReduced', { ...extension, attributes }, withdrawn, name)];
  }
  if (extension !== undefined && find(extension.withdrawn ?? {}, command.attribute) !== undefined) return [];
  throw new Refusal('not-found', `This directory has no attribute ${command.attribute} of its own in ${command.urn}.`);
}

function refuseContradiction(
  { id }: Extension,
  known: { name: string; attribute: Attribute } | undefined,
  asked: Attribute,
  is: string,
): void {
  if (known === undefined) return;
  const [before, after] = [inWords(known.attribute), inWords(asked)];
  if (before === after) return;
  throw new Refusal(
    'conflict',
    `${known.name} of ${id} ${is} ${before}, and cannot become ${after}: choose another name.`,
  );
}

function refuseTooMany(extensions: readonly Extension[], isNewExtension: boolean): void {
  if (isNewExtension && extensions.length >= EXTENSIONS_MAX) {
    throw new Refusal('invalid', `A directory has at most ${EXTENSIONS_MAX} extensions of its own.`);
  }
  const count = extensions.flatMap((each) => Object.keys({ ...each.attributes, ...each.withdrawn })).length;
  if (count < ATTRIBUTES_MAX) return;
  throw new Refusal(
    'invalid',
    `A directory has at most ${ATTRIBUTES_MAX} attributes of its own, withdrawn ones included.`,
  );
}

function emptyExtension(urn: string, resourceType: Extension['resourceType']): Extension {
  const description = `Attributes of ${resourceType === 'User' ? 'users' : 'groups'} in this directory`;
  return { id: urn, resourceType, name: `Custom${resourceType}`, description, attributes: {} };
}

/** Names count in any case (RFC 7643 §2.1). */
function find(set: AttributeSet, wanted: string): { name: string; attribute: Attribute } | undefined {
  const [found] = Object.entries(set).filter(([name]) => name.toLowerCase() === wanted.toLowerCase());
  return found && { name: found[0], attribute: found[1] };
}

function without(set: AttributeSet | undefined, name: string): AttributeSet {
  return Object.fromEntries(Object.entries(set ?? {}).filter(([each]) => each !== name));
}

function event(
  type: SchemaEvent['type'],
  extension: Extension,
  withdrawn: AttributeSet,
  attribute: string,
): SchemaEvent {
  const { id, resourceType, name, description, attributes } = extension;
  const isAny = Object.keys(withdrawn).length > 0;
  const after = { id, resourceType, name, description, attributes, ...(isAny && { withdrawn }) };
  return { type, data: { extension: after, attribute } };
}
