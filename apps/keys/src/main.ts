import { Module } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { HealthModule, logModule, runService } from '#libs/service';
import { readKeysSettings } from './keys.config.js';
import { KeysModule } from './keys.module.js';

@Module({})
class KeysProcess {}

await runService({
  name: 'keys',
  build() {
    const { brokers, partitions, port, host, logLevel, ...settings } = readKeysSettings(process.env);
    const service = KeysModule.forRoot(settings);
    const kafka = KafkaModule.forRoot({ brokers, clientId: 'keys', partitions, topics: Object.values(topics) });
    const imports = [logModule('keys', logLevel), kafka, service, HealthModule.of(service)];
    return { module: { module: KeysProcess, imports }, port, host };
  },
});
