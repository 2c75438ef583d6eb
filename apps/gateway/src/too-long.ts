import { finished, type Readable } from 'node:stream';
import { promisify } from 'node:util';
import { BODY_BYTES_MAX, ScimError } from '#libs/scim';

const READ_TO_ITS_END_BYTES_MAX = 32 * 1024 * 1024;
const ended = promisify(finished);

/**
 * Refuses a body whose head says that it is too long (413), but reads it to its end first: a client that is still writing
 * when the connection closes sees a broken pipe and never the answer. One that is longer still is cut off.
 */
export async function refuseTooLong(
  request: { headers: Record<string, unknown>; routeOptions: { bodyLimit?: number } },
  body: Readable,
): Promise<void> {
  const length = Number(request.headers['content-length'] ?? 0);
  const limit = request.routeOptions.bodyLimit ?? BODY_BYTES_MAX;
  if (length <= limit || length > READ_TO_ITS_END_BYTES_MAX) return;
  body.resume();
  await ended(body);
  throw new ScimError(413, undefined, `The body has ${length} bytes; at most ${limit} are taken here.`);
}
