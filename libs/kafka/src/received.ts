import type { Received } from '#libs/messaging';
import type { FetchedRecord } from './kafkajs-internals.js';

/** The header of a record whose value is no text, and how many bytes there are of it in all. */
export const OF_BYTES = 'bytes';

/** A fetched record in the bus's own words. A record without a value, which only compacted topics have, gives ''. */
export function received(partition: number, { key, value, headers, offset }: FetchedRecord): Received {
  const names = Object.entries(headers);
  return {
    key: key?.toString() ?? '',
    value: value?.toString() ?? '',
    ...(names.length > 0 && { headers: Object.fromEntries(names.map(([name, text]) => [name, String(text)])) }),
    partition,
    offset: BigInt(offset),
  };
}
