// What processes cost, from /proc: CPU time says more on a shared machine than how much was done in a second.
import { readdirSync, readFileSync } from 'node:fs';

const MICROSECONDS_PER_TICK = 10_000; // USER_HZ is 100 on Linux

/** The fields of /proc/<pid>/stat after the name, or undefined when the process is gone. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(pid), name, parent: Number(fields[1]), ticks: fields.slice(11, 15).map(Number) };
  } catch {
    return undefined;
  }
}

/** All processes below this one: its servers, and theirs. */
function below(root) {
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => statOf(pid) ?? []);
  const found = new Set([root]);
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid }) => pid !== root && found.has(pid));
}

/** CPU microseconds spent so far, by name: those of `named` (name → pid), and Kafka and PostgreSQL below this process. */
export function cpuOf(named) {
  const names = new Map(Object.entries(named).map(([name, pid]) => [pid, name]));
  const spent = {};
  for (const { pid, name, ticks } of below(process.pid)) {
    const group = names.get(pid) ?? { java: 'kafka', postgres: 'postgres' }[name];
    if (group === undefined) continue;
    // What children that have ended took counts for the server, whose other children come and go.
    const [user, system, ...ended] = ticks;
    const own = user + system + (group === 'postgres' ? ended[0] + ended[1] : 0);
    spent[group] = (spent[group] ?? 0) + own * MICROSECONDS_PER_TICK;
  }
  return spent;
}

/** Resident memory in MB (2^20). */
export const memoryMbOf = (pid) =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
