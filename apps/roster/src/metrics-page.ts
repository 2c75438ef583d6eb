import { type Metric, metricsMade } from '#libs/service';
import '../../directory/src/directory.module.js';
import '../../gateway/src/gateway.module.js';
import '../../keys/src/keys.module.js';
import '../../notifier/src/notifier.module.js';
import '#libs/kafka';
import { table } from './markdown.js';

/** Every metric that a service of Roster makes: they are made when the modules above are loaded. */
export const metrics = (): Metric[] => metricsMade().toSorted((left, right) => (left.name < right.name ? -1 : 1));

/** The table of every metric, as docs/operations.md shows it. */
export function metricsTable(): string {
  const rows = metrics().map(({ name, kind, help, labels }) => [
    `\`${name}\``,
    kind,
    Object.keys(labels).join(', '),
    help,
  ]);
  return table([['metric', 'kind', 'labels', 'meaning'], ...rows]);
}
