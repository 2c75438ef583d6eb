import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { logModule, runService } from '#libs/service';
import { readNotifierSettings } from './notifier.config.js';
import { NotifierModule } from './notifier.module.js';

await runService('notifier', () => {
  const { service, process: own } = readNotifierSettings(process.env);
  const kafka = { ...own.kafka, clientId: 'notifier', partitions: own.partitions, topics: Object.values(topics) };
  const imports = [logModule('notifier', own.logLevel), KafkaModule.forRoot(kafka), NotifierModule.forRoot(service)];
  return { imports, port: own.port, host: own.host, traces: own.traces };
});
