import { z } from 'zod';
import type { Refused } from './refusal.js';

const returnAddress = z.object({ id: z.string(), replyTo: z.string() });

/**
 * The answer to a message that does not have the form of a command (`what`, as in "a key command"), where it still says who
 * asked; `error` is what its parser threw, and the places that a ZodError names are told.
 */
export function brokenReply(
  what: string,
  value: string,
  error: unknown,
): { address: string; requestId: string; value: string }[] {
  const { data } = returnAddress.safeParse(jsonOrNull(value));
  if (data === undefined) return [];
  const places = error instanceof z.ZodError ? error.issues.map((i) => `${i.path.join('.')}: ${i.message}`) : [];
  const text = [`This is not ${what} that is known here.`, ...places].join(' ');
  const reply: Refused = { outcome: 'refused', code: 'invalid', text };
  return [{ address: data.replyTo, requestId: data.id, value: JSON.stringify(reply) }];
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
