import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody } from '#libs/scim';

export const SCIM_JSON = 'application/scim+json; charset=utf-8';

const STATUS_OF: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what Node could not even read as HTTP: no route sees it, and still the client gets a SCIM error. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF[error.code ?? ''] ?? 400;
  const reason = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify(errorBody({ status, detail: `The request cannot be read: ${reason}.` }));
  socket.write(
    [
      `HTTP/1.1 ${status} ${reason}`,
      `Content-Type: ${SCIM_JSON}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  socket.destroySoon();
}
