/** A broker for tests, on loopback. */
export interface TestKafka {
  brokers: string;
  stop(): Promise<void>;
}

export const KAFKA_VERSION = '4.3.1';

/** A way into the broker: where it listens, and where it tells clients to come, which may be a proxy before it. */
export interface Listener {
  port: number;
  advertisedPort: number;
  /** The name that clients are told to come to: 127.0.0.1 unless given. */
  host?: string;
  /** Encrypted, and for this user only (SASL PLAIN and SCRAM-SHA-512). */
  secured?: { keystore: string; username: string; password: string };
}

/**
 * The settings of a single broker that is its own controller (KRaft), for tests: quick to join, gone when stopped. The
 * first listener is also the broker's own.
 */
export function brokerSettings(
  listeners: readonly Listener[],
  controllerPort: number,
  logFolder: string,
): Map<string, string> {
  const at = (name: string, port: number) => `${name}://127.0.0.1:${port}`;
  return new Map([
    ['process.roles', 'broker,controller'],
    ['node.id', '1'],
    ['controller.quorum.voters', `1@127.0.0.1:${controllerPort}`],
    [
      'listeners',
      [...listeners.map(({ port }, index) => at(`CLIENTS${index}`, port)), at('CONTROLLER', controllerPort)].join(','),
    ],
    [
      'advertised.listeners',
      listeners
        .map(({ advertisedPort, host = '127.0.0.1' }, index) => `CLIENTS${index}://${host}:${advertisedPort}`)
        .join(','),
    ],
    ['inter.broker.listener.name', 'CLIENTS0'],
    ['controller.listener.names', 'CONTROLLER'],
    [
      'listener.security.protocol.map',
      [
        ...listeners.map(({ secured }, index) => `CLIENTS${index}:${secured === undefined ? 'PLAINTEXT' : 'SASL_SSL'}`),
        'CONTROLLER:PLAINTEXT',
      ].join(','),
    ],
    ...listeners.flatMap(securitySettings),
    ['log.dirs', logFolder],
    ['offsets.topic.replication.factor', '1'],
    ['offsets.topic.num.partitions', '4'],
    ['transaction.state.log.replication.factor', '1'],
    ['transaction.state.log.min.isr', '1'],
    ['transaction.state.log.num.partitions', '4'],
    ['group.initial.rebalance.delay.ms', '0'],
    // Nothing may depend on a broker that makes topics by itself.
    ['auto.create.topics.enable', 'false'],
  ]);
}

/** A listener of its own keys and users; the key store is a PEM file of a key (PKCS #8) and its certificates. */
function securitySettings({ secured }: Listener, index: number): [string, string][] {
  if (secured === undefined) return [];
  const at = `listener.name.clients${index}`;
  const login = 'org.apache.kafka.common.security';
  return [
    [`${at}.ssl.keystore.type`, 'PEM'],
    [`${at}.ssl.keystore.location`, secured.keystore],
    [`${at}.sasl.enabled.mechanisms`, 'PLAIN,SCRAM-SHA-512'],
    [
      `${at}.plain.sasl.jaas.config`,
      `${login}.plain.PlainLoginModule required user_${secured.username}="${secured.password}";`,
    ],
    [`${at}.scram-sha-512.sasl.jaas.config`, `${login}.scram.ScramLoginModule required;`],
  ];
}
