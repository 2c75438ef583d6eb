import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { logModule, runService } from '#libs/service';
import { readKeysSettings } from './keys.config.js';
import { KeysModule } from './keys.module.js';

await runService('keys', () => {
  const { service, process: own } = readKeysSettings(process.env);
  const kafka = { ...own.kafka, clientId: 'keys', partitions: own.partitions, topics: Object.values(topics) };
  const imports = [logModule('keys', own.logLevel), KafkaModule.forRoot(kafka), KeysModule.forRoot(service)];
  return { imports, port: own.port, host: own.host, traces: own.traces };
});
