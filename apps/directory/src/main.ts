import { Module } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { HealthModule, logModule, runService } from '#libs/service';
import { readDirectorySettings } from './directory.config.js';
import { DirectoryModule } from './directory.module.js';

@Module({})
class DirectoryProcess {}

await runService({
  name: 'directory',
  build() {
    const { brokers, port, host, logLevel, ...settings } = readDirectorySettings(process.env);
    const service = DirectoryModule.forRoot(settings);
    const kafka = KafkaModule.forRoot({
      brokers,
      clientId: 'directory',
      partitions: settings.partitions,
      topics: Object.values(topics),
    });
    const imports = [logModule('directory', logLevel), kafka, service, HealthModule.of(service)];
    return { module: { module: DirectoryProcess, imports }, port, host };
  },
});
