import 'reflect-metadata';
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
    const keys = KeysModule.forRoot(settings);
    const kafka = KafkaModule.forRoot({
      brokers,
      clientId: 'keys',
      partitions,
      topics: [topics.keysCommands, topics.keysState],
    });
    const imports = [logModule('keys', logLevel), kafka, keys, HealthModule.of(keys)];
    return { module: { module: KeysProcess, imports }, port, host };
  },
});
