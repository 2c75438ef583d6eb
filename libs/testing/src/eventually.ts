const ASK_AGAIN_MS = 20;

/** Waits until `check` gives something other than false or undefined without throwing; after the limit, its last error. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<Exclude<T, false | undefined>> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    let last: unknown = new Error(`the condition did not come true within ${timeoutMs} ms`);
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value as Exclude<T, false | undefined>;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw last;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
