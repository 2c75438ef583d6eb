import { startContainer } from './kafka-container.js';
import { startFromJars } from './kafka-jars.js';
import { KAFKA_VERSION, type TestKafka } from './kafka-settings.js';

/**
 * A real Kafka broker: the one at KAFKA_BROKERS, else a container, else the broker's jars from Maven Central.
 * Throws an error that names the three ways and why each is closed.
 */
export async function startKafka(): Promise<TestKafka> {
  const given = process.env.KAFKA_BROKERS;
  if (given !== undefined && given !== '') return { brokers: given, stop: () => Promise.resolve() };
  const closed: string[] = [];
  for (const start of [startContainer, startFromJars]) {
    try {
      return await start();
    } catch (error) {
      closed.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(
    [
      'The tests need a real Kafka broker, and none of the three ways to one is open:',
      '  1. KAFKA_BROKERS names a running broker: it is not set',
      `  2. a container of apache/kafka:${KAFKA_VERSION}: ${closed[0] ?? ''}`,
      `  3. the jars from Maven Central, with Java 17 or later and mvn: ${closed[1] ?? ''}`,
    ].join('\n'),
  );
}
