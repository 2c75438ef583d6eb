const HIDDEN = /password|secret|token|authorization/i;
const LENGTH_MAX = 64 * 1024;

/** A request body for the provisioning log: what is secret is left out, and it is cut at 64 kB. */
export function redacted(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  const text = JSON.stringify(body, (name, value: unknown) => (HIDDEN.test(name) ? '[hidden]' : withoutPath(value)));
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
}

/** A PATCH names what it sets in `path`, beside the value. */
function withoutPath(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { path } = value as { path?: unknown };
  return typeof path === 'string' && HIDDEN.test(path) ? { ...value, value: '[hidden]' } : value;
}
