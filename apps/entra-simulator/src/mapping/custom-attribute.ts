import { randomFrom, type Random } from '../random.js';
import type { SourceUser } from '../source/source.js';
import type { Wanted } from './wanted.js';

export const CUSTOM_TYPES = ['string', 'boolean', 'integer', 'decimal', 'dateTime', 'reference', 'binary'] as const;

export type CustomType = (typeof CUSTOM_TYPES)[number];

/** An attribute of an extension that the target's `/Schemas` describes. */
export interface CustomAttribute {
  /** The URN of the extension, a colon and the name. */
  path: string;
  type: CustomType;
  isMultiValued: boolean;
}

/** What a custom attribute should hold for a user; for one in four, nothing. */
export function customValue({ path, type, isMultiValued }: CustomAttribute, user: SourceUser): Wanted {
  const random = randomFrom('custom', user.objectId, user.customDraw, path);
  if (random.chance(0.25)) return undefined;
  if (!isMultiValued) return valueOf(type, random);
  const values = Array.from({ length: 1 + random.below(3) }, () => String(valueOf('string', random)));
  return [...new Set(values)];
}

function valueOf(type: CustomType, random: Random): string | number | boolean {
  const number = random.below(1_000_000);
  switch (type) {
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
      return number - 500_000;
    case 'decimal':
      return number / 8;
    case 'dateTime':
      return new Date(Date.UTC(2020, 0, 1) + number * 1_000).toISOString();
    case 'reference':
      return `https://example.com/people/${number}`;
    case 'binary':
      return Buffer.from(`badge ${number}`).toString('base64');
    case 'string':
      return random.pick([`Badge №${number}`, `${number}`, `a "quoted" ${number}`, `back\\slash ${number}`]);
  }
}
