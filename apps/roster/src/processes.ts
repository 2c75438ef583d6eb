const ASK_AGAIN_MS = 250;

/** Is there a process of this id? */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Calls `orphaned` once when the process that started this one is gone: a killed `npm start` must not leave us behind. */
export function watchParent(orphaned: () => void): void {
  const parent = process.ppid;
  if (parent <= 1) return;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    orphaned();
  }, ASK_AGAIN_MS);
  timer.unref();
}
