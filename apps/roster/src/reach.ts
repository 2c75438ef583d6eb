import { randomUUID } from 'node:crypto';
import { connectKafka } from '#libs/kafka';
import { BusClient, Services } from './bus.client.js';
import { ControlClient } from './control.client.js';
import { controlSocket } from './control.door.js';
import { accessOf, type CommandLineSettings } from './host.config.js';

/**
 * The services as the command line reaches them: over Kafka when `KAFKA_BROKERS` is set, else through the process that
 * runs on the data folder.
 */
export async function reachServices(settings: CommandLineSettings): Promise<Services> {
  const { PARTITIONS, ROSTER_DATA } = settings;
  const access = accessOf(settings);
  if (access === undefined) return new ControlClient(controlSocket(ROSTER_DATA), ROSTER_DATA);
  const bus = await connectKafka({
    ...access,
    clientId: `roster-${randomUUID()}`,
    partitions: PARTITIONS,
    topics: [], // the services make them
  });
  const client = new BusClient(bus.commands, bus.replies, { kind: 'operator', id: 'roster' });
  await client.open();
  return new ServicesOverKafka(client, () => bus.close());
}

class ServicesOverKafka extends Services {
  constructor(
    private readonly client: BusClient,
    private readonly disconnect: () => Promise<void>,
  ) {
    super();
  }

  ask(question: Parameters<Services['ask']>[0]): Promise<unknown> {
    return this.client.ask(question);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.disconnect();
  }
}
