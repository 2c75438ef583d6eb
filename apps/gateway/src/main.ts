import { Module } from '@nestjs/common';
import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { HealthModule, logModule, runService } from '#libs/service';
import { GatewaySettings, readGatewaySettings } from './gateway.config.js';
import { configureGateway, gatewayAdapter, GatewayModule } from './gateway.module.js';

@Module({})
class GatewayProcess {}

await runService({
  name: 'gateway',
  adapter: gatewayAdapter,
  configure: configureGateway,
  build() {
    const env = readGatewaySettings(process.env);
    const publicUrl = (env.PUBLIC_URL ?? `http://localhost:${env.GATEWAY_PORT}`).replace(/\/+$/, '');
    const service = GatewayModule.forRoot(new GatewaySettings(publicUrl, env.REQUEST_TIMEOUT_MS));
    const imports = [
      logModule('gateway', env.LOG_LEVEL),
      KafkaModule.forRoot({
        brokers: env.KAFKA_BROKERS,
        clientId: 'gateway',
        partitions: env.PARTITIONS,
        topics: Object.values(topics),
      }),
      service,
      HealthModule.of(service),
    ];
    return { module: { module: GatewayProcess, imports }, port: env.GATEWAY_PORT, host: env.HOST };
  },
});
