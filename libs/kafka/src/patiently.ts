const PATIENCE_MS = 30_000;
const PAUSE_MS = { first: 50, max: 1_000 };

// What brokers say while a topic, a leader or a coordinator is being found, and what the network says of a broker that
// starts. kafkajs gives up on many of these at once.
const PASSING = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'GROUP_LOAD_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'NOT_CONTROLLER',
  'NETWORK_EXCEPTION',
  'REQUEST_TIMED_OUT',
]);
const PASSING_NAMES =
  /^KafkaJS(ConnectionError|ConnectionClosedError|RequestTimeoutError|BrokerNotFound|MetadataNotLoaded|LockTimeout|GroupCoordinatorNotFound|TopicMetadataNotLoaded)$/;

/** Does it, again and again while the reason that it failed is a passing one, for half a minute at most. */
export async function patiently<T>(
  act: () => Promise<T>,
  { between = () => Promise.resolve(), forMs = PATIENCE_MS }: { between?: () => Promise<void>; forMs?: number } = {},
): Promise<T> {
  const until = Date.now() + forMs;
  for (let pause = PAUSE_MS.first; ; pause = Math.min(pause * 2, PAUSE_MS.max)) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error) || Date.now() + pause > until) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    await between().catch(() => undefined);
  }
}

/** Will the reason of this error go away by itself? kafkajs wraps it, sometimes twice. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (PASSING_NAMES.test(error.name)) return true;
  if ('type' in error && PASSING.has(String(error.type))) return true;
  return isPassing(error.cause);
}
