import { GenericContainer, getContainerRuntimeClient, Wait } from 'testcontainers';
import { freePort } from '../free-port.js';
import { brokerSettings, KAFKA_VERSION, type TestKafka } from './kafka-settings.js';

const START_MS_MAX = 120_000;

/** The broker as a container on the host's own network, so that it listens on loopback only. Throws without Docker. */
export async function startContainer(): Promise<TestKafka> {
  await getContainerRuntimeClient().catch((error: unknown) => {
    throw new Error('Docker does not answer', { cause: error });
  });
  const port = await freePort();
  const settings = brokerSettings([{ port, advertisedPort: port }], await freePort(), '/tmp/kafka-logs');
  const environment = Object.fromEntries(
    [...settings].map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value]),
  );
  const container = await new GenericContainer(`apache/kafka:${KAFKA_VERSION}`)
    .withNetworkMode('host')
    .withEnvironment(environment)
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(START_MS_MAX)
    .start();
  return {
    brokers: `127.0.0.1:${port}`,
    stop: async () => {
      await container.stop();
    },
  };
}
