import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './processes.js';

const WAIT_MS_MAX = 15_000;
const ASK_AGAIN_MS = 50;

/**
 * Takes the data folder for this process, so that two never write to one. A run that is just ending is waited for; one
 * that was killed leaves a note that nobody stands behind. Throws with a sentence when the folder cannot be used.
 */
export async function takeDataFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const note = join(folder, 'roster.pid');
  try {
    await mkdir(folder, { recursive: true });
    const until = Date.now() + WAIT_MS_MAX;
    for (;;) {
      const owner = await ownerOf(note);
      if (owner === undefined) break;
      if (Date.now() > until)
        throw new Error(`Roster already runs on this folder (process ${owner}); end that one first`);
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
    await writeFile(note, `${process.pid}\n`);
  } catch (error) {
    throw new Error(`The data folder ${folder} cannot be used (ROSTER_DATA names it)`, { cause: error });
  }
  return { release: () => rm(note, { force: true }) };
}

async function ownerOf(note: string): Promise<number | undefined> {
  const pid = Number((await readFile(note, 'utf8').catch(() => '')).trim());
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return undefined;
  // Pids are used again: only a process that runs this program is ours.
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'roster');
  return commandLine.includes('roster') ? pid : undefined;
}
