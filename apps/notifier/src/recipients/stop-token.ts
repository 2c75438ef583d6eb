import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

const said = z.object({ d: z.uuid(), a: z.string() });

/** A token by which whoever has a mail can take its address off the list of its directory, and do nothing else. */
export function stopToken(secret: string, directory: string, address: string): string {
  const text = Buffer.from(JSON.stringify({ d: directory, a: address })).toString('base64url');
  return `${text}.${signed(secret, text)}`;
}

/** What a token says, or undefined when it was not made here. */
export function readStopToken(secret: string, token: string): { directory: string; address: string } | undefined {
  const [text = '', signature = '', ...rest] = token.split('.');
  const [given, wanted] = [Buffer.from(signature), Buffer.from(signed(secret, text))];
  if (rest.length > 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const { data } = said.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  return data === undefined ? undefined : { directory: data.d, address: data.a };
}

const signed = (secret: string, text: string) =>
  createHmac('sha256', secret).update(`stop ${text}`).digest('base64url');
