import type { Hindered, Refused } from '#libs/contracts';

/** A service said no, in words for people. */
export class Refusal extends Error {}

/** What a reply of another kind than was hoped for says. */
export function no(reply: Refused | Hindered | { outcome: string }): Refusal {
  return new Refusal('text' in reply ? reply.text : `an answer of an unexpected kind: ${reply.outcome}`);
}
