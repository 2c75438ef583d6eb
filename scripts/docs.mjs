// Puts what the code knows best into docs/operations.md, between its marks: the table of every setting and of every metric.
import { readFileSync, writeFileSync } from 'node:fs';

const { settingsTable } = await import('../dist/apps/roster/src/settings-page.js');

const { metricsTable } = await import('../dist/apps/roster/src/metrics-page.js');

const PAGE = 'docs/operations.md';

function put(page, mark, table) {
  const [begin, end] = [`<!-- ${mark} -->`, `<!-- end of ${mark} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no ${begin} with its ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${table}\n\n${page.slice(to)}`;
}

const withSettings = put(readFileSync(PAGE, 'utf8'), 'settings', settingsTable());
writeFileSync(PAGE, put(withSettings, 'metrics', metricsTable()));
