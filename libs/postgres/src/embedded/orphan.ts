import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const END_MS_MAX = 30_000;
const ASK_AGAIN_MS = 50;

/**
 * Ends the server that a killed process left running on this cluster, found by its `postmaster.pid`, and waits until it
 * is gone: it shuts down cleanly, so the next start needs no recovery. A pid that now belongs to somebody else is left alone.
 */
export async function endOrphan(cluster: string): Promise<void> {
  const pid = await orphan(cluster);
  if (pid === undefined) return;
  const until = Date.now() + END_MS_MAX;
  signal(pid, 'SIGINT');
  while (signal(pid, 0)) {
    if (Date.now() > until)
      throw new Error(`A PostgreSQL left over by an earlier run (pid ${pid}) does not end; end it and start again`);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

async function orphan(cluster: string): Promise<number | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !signal(pid, 0)) return undefined;
  // Pids are used again: only a process that names this very cluster on its command line is ours to end.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (commandLine === undefined) return process.platform === 'linux' ? undefined : pid;
  return commandLine.includes(cluster) ? pid : undefined;
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
