import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { described } from './settings-page.js';

/** The name of a program in `environments`, by the name of its container or workload. */
const PROGRAMS: Readonly<Record<string, string>> = {
  gateway: 'gateway',
  directory: 'directory',
  keys: 'keys',
  notifier: 'notifier',
  migrate: 'migrate',
  roster: 'command line',
};
const DEPLOYED = new Set(Object.values(PROGRAMS));
const ONLY_FOR_TESTS = ['ROSTER_FAIL_POINTS'];

const files = ['docker-compose.yml', 'deploy/Dockerfile', ...yamlBelow('deploy/kubernetes')];

function yamlBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What a program can be told: its settings, and the files that may hold its secrets. */
function tellable(program: string): Set<string> {
  const own = described().filter((one) => one.program === program);
  return new Set(own.flatMap(({ name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name])));
}

const compose = z.object({
  services: z.record(z.string(), z.object({ environment: z.record(z.string(), z.unknown()).default({}) })),
});
const manifest = z.object({
  kind: z.string().optional(),
  metadata: z.object({ name: z.string() }).optional(),
  data: z.record(z.string(), z.string()).optional(),
  spec: z
    .object({
      template: z
        .object({
          spec: z.object({
            containers: z.array(z.object({ env: z.array(z.object({ name: z.string() })).default([]) })).default([]),
          }),
        })
        .optional(),
    })
    .optional(),
});

const manifests = yamlBelow('deploy/kubernetes').flatMap((file) =>
  parseAllDocuments(readFileSync(file, 'utf8')).flatMap((document) => {
    const read = manifest.safeParse(document.toJS());
    return read.success ? [{ file, ...read.data }] : [];
  }),
);

describe('what containers are told', () => {
  const { services } = compose.parse(parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }));

  it.each(Object.keys(PROGRAMS))('in docker-compose.yml is what %s reads', (service) => {
    const known = tellable(PROGRAMS[service] ?? '');
    const told = Object.keys(services[service]?.environment ?? {});
    expect(told.length).toBeGreaterThan(1);
    expect(told.filter((name) => !known.has(name))).toEqual([]);
  });

  it('in Kubernetes is what each workload reads', () => {
    let count = 0;
    for (const { file, metadata, spec } of manifests) {
      const program = PROGRAMS[metadata?.name ?? ''];
      if (program === undefined) continue;
      const told = spec?.template?.spec.containers.flatMap(({ env }) => env.map(({ name }) => name)) ?? [];
      count += told.length;
      const known = tellable(program);
      expect({ file, unknown: told.filter((name) => !known.has(name)) }).toEqual({ file, unknown: [] });
    }
    expect(count).toBeGreaterThan(5);
  });

  it('in Kubernetes by the settings of all is read by one of them', () => {
    const known = new Set([...DEPLOYED].flatMap((program) => [...tellable(program)]));
    const told = manifests.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.keys(data ?? {}));
    expect(told).toContain('KAFKA_BROKERS');
    expect(told.filter((name) => !known.has(name))).toEqual([]);
  });

  it('leaves no setting out: each stands in one of the files, if only as a comment with its default', () => {
    const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const settings = new Set(described().flatMap(({ program, name }) => (DEPLOYED.has(program) ? [name] : [])));
    const missing = [...settings].filter((name) => !new RegExp(`\\b${name}(_FILE)?\\b`).test(text));
    expect(missing.filter((name) => !ONLY_FOR_TESTS.includes(name))).toEqual([]);
  });
});
