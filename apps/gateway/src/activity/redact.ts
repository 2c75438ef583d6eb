const SECRET = /password|secret|token|credential|authorization/i;
const REMOVED = '[removed]';
const BYTES_MAX = 64 * 1024;

/** The body of a failed request as the provisioning log may keep it: no passwords or tokens, at most 64 kB. */
export function redactedBody(body: unknown): string {
  const bytes = Buffer.from(JSON.stringify(redacted(body)));
  return bytes.length <= BYTES_MAX ? bytes.toString() : bytes.subarray(0, BYTES_MAX).toString();
}

/** The address of a request as the log may keep it: without its query if that speaks of a secret. */
export function redactedUrl(url: string): string {
  const [path = '', ...query] = url.split('?');
  return SECRET.test(decoded(query.join('?'))) ? `${path}?${REMOVED}` : url;
}

function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  // In a PATCH the name of the attribute stands in `path`, beside the value, and may hold a value of its own in brackets.
  const isOfSecret = entries.some(([name, path]) => /^path$/i.test(name) && SECRET.test(String(path)));
  return Object.fromEntries(
    entries.map(([name, part]: [string, unknown]) => {
      const isSecret = SECRET.test(name) || (isOfSecret && !/^op$/i.test(name));
      return [name, isSecret ? REMOVED : redacted(part)];
    }),
  );
}

function decoded(query: string): string {
  try {
    return decodeURIComponent(query);
  } catch {
    return query;
  }
}
