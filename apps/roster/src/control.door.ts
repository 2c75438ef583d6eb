import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Services } from './bus.client.js';

// The path of a Unix socket has at most 107 bytes on Linux and 103 elsewhere.
const SOCKET_PATH_MAX = 100;
const BODY_BYTES_MAX = 1024 * 1024;

const question = z.object({
  topic: z.string(),
  type: z.string(),
  directory: z.string().nullable(),
  data: z.unknown(),
});

/** The socket by which the command line finds the system that runs on this data folder; nobody else may open it. */
export function controlSocket(dataFolder: string): string {
  const own = join(dataFolder, 'roster.sock');
  if (Buffer.byteLength(own) <= SOCKET_PATH_MAX) return own;
  return join(tmpdir(), `roster-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}.sock`);
}

/** Lets the command line ask the services of this process, over a socket that only this user may open. */
export async function openControl(path: string, services: Services): Promise<{ close(): Promise<void> }> {
  await rm(path, { force: true });
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing, services));
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await rm(path, { force: true });
    },
  };
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, services: Services): Promise<void> {
  try {
    const reply = await services.ask(question.parse(JSON.parse(await body(incoming))));
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    outgoing.writeHead(502, { 'content-type': 'application/json' }).end(JSON.stringify({ text }));
  }
}

async function body(incoming: IncomingMessage): Promise<string> {
  let text = '';
  incoming.setEncoding('utf8');
  for await (const chunk of incoming) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) throw new Error('the question is too long');
  }
  return text;
}
