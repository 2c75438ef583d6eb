import { once } from 'node:events';
import { createServer } from 'node:http';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

/** Who speaks for workloads: publishes its keys, as Entra and others do, and signs assertions with them. */
export class Issuer {
  private readonly published = new Map<string, JWK>();
  private readonly keys = new Map<string, CryptoKey>();
  asked = 0;

  private constructor(
    readonly url: string,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<Issuer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('this machine gave no port');
    const url = `http://127.0.0.1:${address.port}`;
    const issuer = new Issuer(url, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    server.on('request', (request, answer) => {
      const isKeys = request.url === '/keys';
      if (isKeys) issuer.asked += 1;
      const body = isKeys ? { keys: [...issuer.published.values()] } : { issuer: url, jwks_uri: `${url}/keys` };
      answer.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
    await issuer.add('first');
    return issuer;
  }

  /** A new key, told to everybody unless it is kept back. */
  async add(kid: string, { isPublished = true } = {}): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.keys.set(kid, privateKey);
    if (isPublished) this.published.set(kid, { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' });
  }

  withdraw(kid: string): void {
    this.published.delete(kid);
  }

  /** The private key, for a client that signs its own assertions. */
  keyOf(kid: string): CryptoKey {
    const key = this.keys.get(kid);
    if (key === undefined) throw new Error(`there is no key ${kid}`);
    return key;
  }

  /** An assertion; what is not given is right. Times are in seconds from now. */
  assertion(
    claims: { sub: string; aud: string; iss?: string; jti?: string },
    { kid = 'first', expiresS = 300, notBeforeS = -10 } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, jti: crypto.randomUUID(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuedAt(now)
      .setNotBefore(now + notBeforeS)
      .setExpirationTime(now + expiresS)
      .sign(this.keyOf(kid));
  }
}
