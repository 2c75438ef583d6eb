import { Module } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { HealthModule, logModule, runService } from '#libs/service';
import { readNotifierSettings } from './notifier.config.js';
import { NotifierModule } from './notifier.module.js';

@Module({})
class NotifierProcess {}

await runService({
  name: 'notifier',
  build() {
    const { brokers, partitions, port, host, logLevel, ...settings } = readNotifierSettings(process.env);
    const service = NotifierModule.forRoot(settings);
    const kafka = KafkaModule.forRoot({ brokers, clientId: 'notifier', partitions, topics: Object.values(topics) });
    const imports = [logModule('notifier', logLevel), kafka, service, HealthModule.of(service)];
    return { module: { module: NotifierProcess, imports }, port, host };
  },
});
