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
    const settings = readDirectorySettings(process.env);
    const service = DirectoryModule.forRoot({ databaseUrl: settings.DATABASE_URL, partitions: settings.PARTITIONS });
    const imports = [
      logModule('directory', settings.LOG_LEVEL),
      KafkaModule.forRoot({
        brokers: settings.KAFKA_BROKERS,
        clientId: 'directory',
        partitions: settings.PARTITIONS,
        topics: Object.values(topics),
      }),
      service,
      HealthModule.of(service),
    ];
    return { module: { module: DirectoryProcess, imports }, port: settings.PORT, host: settings.HOST };
  },
});
