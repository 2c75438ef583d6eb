import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrokerProcess, type Certificates, freePort, makeBroker, makeCertificates, pem } from '#libs/testing';
import { connectKafka, type KafkaOptions } from './connect-kafka.js';

const user = { username: 'roster', password: 'only-for-tests' };
const TOPIC = { name: 'secured', partitions: 1 };

let certificates: Certificates;
let foreign: Certificates;
let broker: BrokerProcess;
let access: Pick<KafkaOptions, 'brokers' | 'tls'>;

beforeAll(async () => {
  [certificates, foreign] = await Promise.all([makeCertificates(), makeCertificates()]);
  const keystore = join(certificates.folder, 'keystore.pem');
  await writeFile(keystore, `${await pem(certificates.key)}${await pem(certificates.cert)}`);
  const [plain, port] = [await freePort(), await freePort()];
  broker = await makeBroker([
    { port: plain, advertisedPort: plain },
    { port, advertisedPort: port, host: 'localhost', secured: { keystore, ...user } },
  ]);
  await broker.start();
  access = { brokers: [`localhost:${port}`], tls: { ca: await pem(certificates.ca) } };
});

afterAll(async () => {
  await broker.remove();
  await Promise.all([certificates.remove(), foreign.remove()]);
});

/** Sends a message and reads it back. */
async function talk(more: Partial<KafkaOptions>): Promise<string | undefined> {
  const options = { ...access, clientId: 'secured', partitions: 1, topics: [TOPIC], patienceMs: 3_000, ...more };
  const bus = await connectKafka(options);
  try {
    await bus.states.put(TOPIC.name, [{ key: 'said', value: 'encrypted' }]);
    return (await bus.states.snapshot(TOPIC.name)).get('said');
  } finally {
    await bus.close();
  }
}

describe('a broker with TLS and SASL', () => {
  it.each(['plain', 'scram-sha-512'] as const)('is talked to with %s', async (mechanism) => {
    expect(await talk({ sasl: { mechanism, ...user } })).toBe('encrypted');
  });

  it('refuses a wrong password', async () => {
    await expect(talk({ sasl: { mechanism: 'plain', ...user, password: 'wrong' } })).rejects.toThrow(/auth/i);
  });

  it('is not talked to when another authority signed its certificate, or in clear', async () => {
    const sasl = { mechanism: 'plain', ...user } as const;
    await expect(talk({ sasl, tls: { ca: await pem(foreign.ca) } })).rejects.toThrow();
    await expect(talk({ sasl, tls: undefined })).rejects.toThrow();
  });
});
