import { createHash } from 'node:crypto';

/** Names one step of one thread to one address, the same whenever it is asked: so a repeat after a crash is recognised. */
export function messageIdOf(thread: string, step: number, address: string): string {
  const whom = createHash('sha256').update(address.toLowerCase()).digest('hex').slice(0, 16);
  return `${thread}.${step}.${whom}`;
}
