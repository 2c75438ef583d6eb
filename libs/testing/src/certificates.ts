import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An authority made for one test, and a certificate for `localhost` that it signed; paths of PEM files. */
export interface Certificates {
  folder: string;
  ca: string;
  cert: string;
  key: string;
  remove(): Promise<void>;
}

export async function makeCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-tls-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args);
  await openssl(
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test authority'],
    ...['-keyout', at('ca.key'), '-out', at('ca.pem')],
  );
  const request = ['req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost'];
  await openssl(...request, '-keyout', at('server.key'), '-out', at('server.csr'));
  await writeFile(at('names'), 'subjectAltName=DNS:localhost');
  await openssl(
    ...['x509', '-req', '-in', at('server.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-days', '2'],
    ...['-extfile', at('names'), '-out', at('server.pem')],
  );
  return {
    folder,
    ca: at('ca.pem'),
    cert: at('server.pem'),
    key: at('server.key'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The text of a PEM file. */
export const pem = (path: string): Promise<string> => readFile(path, 'utf8');
