import { Module } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { HealthModule, logModule, runService } from '#libs/service';
import { readGatewaySettings } from './gateway.config.js';
import { configureGateway, gatewayAdapter, GatewayModule } from './gateway.module.js';

@Module({})
class GatewayProcess {}

await runService({
  name: 'gateway',
  adapter: gatewayAdapter,
  configure: configureGateway,
  build() {
    const { gateway, brokers, partitions, port, host, logLevel } = readGatewaySettings(process.env);
    const service = GatewayModule.forRoot(gateway);
    const kafka = KafkaModule.forRoot({ brokers, clientId: 'gateway', partitions, topics: Object.values(topics) });
    const imports = [logModule('gateway', logLevel), kafka, service, HealthModule.of(service)];
    return { module: { module: GatewayProcess, imports }, port, host };
  },
});
