/** Reads a key's life as people write it: `365d`, `12` (days) or `never` (null). Throws with what would be right. */
export function daysFrom(text: string): number | null {
  if (text === 'never') return null;
  const days = /^(\d{1,4})d?$/.exec(text)?.[1];
  if (days === undefined || Number(days) < 1)
    throw new Error(`"${text}" is no duration: write days as 365d, or never.`);
  return Number(days);
}
