import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** A setting is missing or wrong; the message lists every one of them. */
export class SettingsError extends Error {
  constructor(problems: readonly string[]) {
    super(`These settings are missing or wrong:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/** What is told of a setting besides its schema; docs/operations.md is made from it. */
export interface About {
  description: string;
  /** Must not be seen: `NAME_FILE` may name a file that holds it. */
  secret?: boolean;
  /** Means nothing unless these are given too. */
  needs?: readonly string[];
}

/** One setting of the environment: what it means, for the operator, and which values it takes. */
export const setting = <Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  more: Omit<About, 'description' | 'secret'> = {},
): Schema => schema.meta({ description, ...more });

/** A setting that must not be seen: given as it is, or as the name of a file that holds it, in `NAME_FILE`. */
export const secret = <Schema extends z.ZodType>(description: string, schema: Schema): Schema =>
  schema.meta({ description, secret: true });

/** What was told of a setting; empty for one that nobody described. */
export const about = (schema: z.ZodType): Partial<About> => schema.meta() ?? {};

/**
 * Reads what a service is told by its environment. Empty values count as absent.
 * Throws a SettingsError with the whole list, so that an operator mends all of it at once.
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const problems: string[] = [];
  const shape: Readonly<Record<string, z.ZodType>> = schema.shape;
  for (const [name, one] of Object.entries(shape)) {
    const { secret: isSecret = false, needs = [] } = about(one);
    if (isSecret) problems.push(...takeFile(given, name));
    if (given[name] === undefined) continue;
    const missing = needs.filter((other) => given[other] === undefined && given[`${other}_FILE`] === undefined);
    problems.push(...missing.map((other) => `${other}: is missing, and ${name} needs it`));
  }
  const result = schema.safeParse(given);
  if (result.success && problems.length === 0) return result.data;
  const wrong = result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  throw new SettingsError([...problems, ...wrong]);
}

/** Puts what the file holds in place of its name, and gives what is wrong with that. */
function takeFile(given: NodeJS.ProcessEnv, name: string): string[] {
  const path = given[`${name}_FILE`];
  if (path === undefined) return [];
  if (given[name] !== undefined) return [`${name}: is given twice, also as ${name}_FILE`];
  try {
    const held = readFileSync(path, 'utf8').trimEnd();
    if (held === '') return [`${name}_FILE: ${path} is empty`];
    given[name] = held;
    return [];
  } catch (error) {
    given[name] = undefined;
    return [`${name}_FILE: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`];
  }
}
