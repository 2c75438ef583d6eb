const LINE_LENGTH_MAX = 500;

/** One short line of whole characters, without secrets, for whatever comes from outside. */
export function line(words: string): string {
  const whole = withoutSecrets(words)
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return whole.length <= LINE_LENGTH_MAX ? whole : `${whole.slice(0, LINE_LENGTH_MAX - 1).toWellFormed()}…`;
}

/** A text of many lines, without secrets, that PostgreSQL can keep. */
export function text(words: string): string {
  return withoutSecrets(words).replaceAll('\0', ' ').toWellFormed();
}

/** The gateway leaves secrets out already; a path or a detail that quotes one must still not be kept. */
function withoutSecrets(words: string): string {
  return words
    .replace(/\brk_[a-z0-9]{10}_[0-9A-Za-z]+/g, 'rk_…')
    .replace(/\bBearer\s+\S+/gi, 'Bearer …')
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, 'eyJ…');
}
