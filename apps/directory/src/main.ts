import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { logModule, runService } from '#libs/service';
import { readDirectorySettings } from './directory.config.js';
import { DirectoryModule } from './directory.module.js';

await runService('directory', () => {
  const { service, process: own } = readDirectorySettings(process.env);
  const kafka = { ...own.kafka, clientId: 'directory', partitions: own.partitions, topics: Object.values(topics) };
  const imports = [logModule('directory', own.logLevel), KafkaModule.forRoot(kafka), DirectoryModule.forRoot(service)];
  return { imports, port: own.port, host: own.host, traces: own.traces };
});
