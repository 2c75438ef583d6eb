import { readFileSync } from 'node:fs';
import { metricsText, measureProcess } from '#libs/service';
import { parse } from 'yaml';
import { z } from 'zod';
import { metrics } from './metrics-page.js';

const rule = z.object({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.object({ severity: z.enum(['critical', 'warning']) }),
  annotations: z.object({ summary: z.string() }),
});
const rules = z.object({ groups: z.array(z.object({ rules: z.array(rule) })) });
const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

const alerts = rules
  .parse(parse(readFileSync('deploy/prometheus/rules.yaml', 'utf8')))
  .groups.flatMap((group) => group.rules);
const panels = dashboard.parse(JSON.parse(readFileSync('deploy/grafana/roster.json', 'utf8'))).panels;
const page = readFileSync('docs/operations.md', 'utf8');

/** What an expression asks for: names of series, and the labels that it picks or keeps. */
function asked(expr: string) {
  const text = expr.replaceAll(/"[^"]*"/g, '""');
  const names = [...text.matchAll(/\b(?:roster|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
  const picked = [...text.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner]) => [
    ...(inner ?? '').matchAll(/([a-z_]+)\s*[=!]/g),
  ]);
  const kept = [...text.matchAll(/by \(([^)]*)\)/g)].flatMap(([, inner]) => [...(inner ?? '').matchAll(/([a-z_]+)/g)]);
  return { names, labels: [...picked, ...kept].map(([, label]) => label ?? '') };
}

const GIVEN_BY_PROMETHEUS = ['instance', 'job', 'le'];

type Series = readonly [string, readonly string[]];

/** Every series that a process can show, with its labels. */
async function shown(): Promise<Map<string, readonly string[]>> {
  measureProcess();
  const own: Series[] = metrics().flatMap(({ name, kind, labels }) => {
    const parts = kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
    return parts.map((part): Series => [part, Object.keys(labels)]);
  });
  const process: Series[] = [...(await metricsText()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]): Series => [
    name ?? '',
    [],
  ]);
  return new Map<string, readonly string[]>([...process, ...own]);
}

describe('every alert and every panel', () => {
  it('asks for metrics and labels that there are', async () => {
    const there = await shown();
    const all = [
      ...alerts.map(({ alert, expr }) => ({ of: alert, expr })),
      ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ of: title, expr }))),
    ];
    for (const { of, expr } of all) {
      const { names, labels } = asked(expr);
      expect({ of, names: names.length }).not.toEqual({ of, names: 0 });
      expect({ of, unknown: names.filter((name) => !there.has(name)) }).toEqual({ of, unknown: [] });
      const known = [...names.flatMap((name) => there.get(name) ?? []), ...GIVEN_BY_PROMETHEUS];
      expect({ of, unknown: labels.filter((label) => !known.includes(label)) }).toEqual({ of, unknown: [] });
    }
  });
});

describe('every alert', () => {
  it.each(alerts.map(({ alert }) => alert))('%s is told in docs/operations.md, with what to do', (alert) => {
    expect(page).toMatch(new RegExp(`^### ${alert}\\n\\n\\S`, 'm'));
  });

  it('is the only one of its name, and each that is told exists', () => {
    const names = alerts.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    expect([...page.matchAll(/^### (Roster\w+)$/gm)].map(([, name]) => name)).toEqual(names);
  });
});
