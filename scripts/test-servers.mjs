// Jest's global set-up: one real PostgreSQL and one real Kafka broker for a whole run, unless DATABASE_ADMIN_URL and
// KAFKA_BROKERS name them already.
export default async function startServers() {
  if (process.env.ROSTER_TEST_SERVERS === 'none') return;
  const { startKafka, startPostgres } = await import('../dist/libs/testing/src/index.js');
  const [postgres, kafka] = await Promise.all([startPostgres(), startKafka()]);
  process.env.DATABASE_ADMIN_URL = postgres.adminUrl;
  process.env.KAFKA_BROKERS = kafka.brokers;
  globalThis.rosterTestServers = () => Promise.all([postgres.stop(), kafka.stop()]);
}
