import type { z } from 'zod';
import { about } from '#libs/service';
import { directoryEnvironment } from '../../directory/src/directory.config.js';
import { gatewayEnvironment } from '../../gateway/src/gateway.config.js';
import { keysEnvironment } from '../../keys/src/keys.config.js';
import { notifierEnvironment } from '../../notifier/src/notifier.config.js';
import { commandLineEnvironment, hostEnvironment } from './host.config.js';
import { table } from './markdown.js';
import { migrateEnvironment } from './migrate.config.js';

/** Every program with the settings that it reads: what is not here does not exist. */
export const environments: Record<string, z.ZodObject> = {
  gateway: gatewayEnvironment,
  directory: directoryEnvironment,
  keys: keysEnvironment,
  notifier: notifierEnvironment,
  migrate: migrateEnvironment,
  'command line': commandLineEnvironment,
  'npm start': hostEnvironment,
};

/** A setting as one program has it. */
export interface Described {
  program: string;
  name: string;
  meaning: string;
  /** What holds when it is not set; undefined when it must be set, '' when it may be absent. */
  otherwise: string | undefined;
  isSecret: boolean;
}

export const described = (): Described[] =>
  Object.entries(environments).flatMap(([program, { shape }]) =>
    Object.entries(shape as Record<string, z.ZodType>).map(([name, schema]) => {
      const { description = '', secret = false } = about(schema);
      const absent = schema.safeParse(undefined);
      return {
        program,
        name,
        meaning: description,
        otherwise: absent.success ? shown(absent.data) : undefined,
        isSecret: secret,
      };
    }),
  );

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  // A path that was made absolute depends on where this runs.
  return typeof value === 'string' ? value.replace(new RegExp(`^${process.cwd()}/`), './') : '';
}

/** The table of every setting, as docs/operations.md shows it. */
export function settingsTable(): string {
  const rows = new Map<string, Described[]>();
  for (const one of described()) {
    const key = `${one.name} ${one.meaning}`;
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  const lines = [...rows.values()].map((same) => {
    const [{ name, meaning, isSecret }] = same as [Described];
    const mark = isSecret ? ' (secret: also `' + name + '_FILE`)' : '';
    const programs =
      same.length === Object.keys(environments).length ? 'all' : same.map(({ program }) => program).join(', ');
    return [`\`${name}\`${mark}`, programs, defaults(same), meaning];
  });
  return table([['variable', 'for', 'unless set', 'meaning'], ...lines]);
}

function defaults(same: readonly Described[]): string {
  const text = ({ otherwise }: Described) =>
    otherwise === undefined ? '**must be set**' : otherwise === '' ? '' : `\`${otherwise}\``;
  const all = new Set(same.map(text));
  if (all.size === 1) return [...all].join('');
  return same.map((one) => `${one.program}: ${text(one)}`).join(', ');
}
