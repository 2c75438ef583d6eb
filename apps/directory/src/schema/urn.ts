import { Refusal } from '#libs/event-sourcing';
import { builtInTypes, type Extension } from '#libs/scim';

const URN = /^urn:[a-z0-9][a-z0-9-]{0,31}:[\w.:%/+$-]*[\w$-]$/i;
const URN_LENGTH_MAX = 200;
const EXAMPLE = 'urn:ietf:params:scim:schemas:extension:roster:2.0:User';
const RESERVED = /^urn:ietf:params:scim:(?:api|schemas:core):/i;

/** Refuses a URN that no extension of a directory's own can have beside those there are. */
export function checkUrn(urn: string, extensions: readonly Extension[]): void {
  if (!URN.test(urn) || urn.length > URN_LENGTH_MAX) {
    throw new Refusal(
      'invalid',
      `${JSON.stringify(urn.slice(0, 100))} is no URN of an extension, as ${EXAMPLE} is one.`,
    );
  }
  const builtIn = Object.values(builtInTypes).flatMap((type) => [type.schema, ...type.extensions]);
  if (RESERVED.test(urn) || builtIn.some(({ id }) => isSameUrn(id, urn))) {
    throw new Refusal('invalid', `${urn} belongs to SCIM itself: choose a URN of your own, such as ${EXAMPLE}.`);
  }
  const other = [...builtIn, ...extensions].find(({ id }) => !isSameUrn(id, urn) && areOverlapping(id, urn));
  if (other !== undefined) {
    throw new Refusal(
      'conflict',
      `${urn} cannot be told from ${other.id} in a path: one is the beginning of the other.`,
    );
  }
}

export const isSameUrn = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** `urn:a:b` and `urn:a:b:c`: what is meant by `urn:a:b:c:d`? */
function areOverlapping(one: string, other: string): boolean {
  const [short = '', long = ''] = [one.toLowerCase(), other.toLowerCase()].sort((a, b) => a.length - b.length);
  return long.startsWith(`${short}:`) || long.startsWith(`${short}.`);
}
