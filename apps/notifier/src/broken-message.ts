import { z } from 'zod';
import type { NotifierReply } from '#libs/contracts';

const returnAddress = z.object({ id: z.string(), replyTo: z.string() });

/** The answer to a message that does not have the form of a command of the notifier, where it still says who asked. */
export function brokenReply(value: string, error: unknown): { address: string; requestId: string; value: string }[] {
  const { data } = returnAddress.safeParse(jsonOrNull(value));
  if (data === undefined) return [];
  const places = error instanceof z.ZodError ? error.issues.map((i) => `${i.path.join('.')}: ${i.message}`) : [];
  const text = ['This is not a command of the notifier that is known here.', ...places].join(' ');
  const reply: NotifierReply = { outcome: 'refused', code: 'invalid', text };
  return [{ address: data.replyTo, requestId: data.id, value: JSON.stringify(reply) }];
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
