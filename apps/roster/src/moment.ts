const UNIT_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a moment as people write it: `1h` (so long ago), or a date and time. Throws with what would be right. */
export function momentFrom(text: string, now: Date): Date {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = UNIT_MS[unit];
  if (ms !== undefined) return new Date(now.getTime() - Number(count) * ms);
  const at = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(at.getTime())) return at;
  throw new Error(
    `"${text}" is no time: write 30m, 1h or 7d for so long ago, or a date and time as 2026-03-01T10:00Z.`,
  );
}
