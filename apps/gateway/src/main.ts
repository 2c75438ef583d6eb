import { topics } from '#libs/contracts';
import { KafkaModule } from '#libs/kafka';
import { logModule, runService } from '#libs/service';
import { readGatewaySettings } from './gateway.config.js';
import { configureGateway, gatewayAdapter, GatewayModule } from './gateway.module.js';

await runService('gateway', () => {
  const { service, served, trustedProxies, process: own } = readGatewaySettings(process.env);
  const kafka = { ...own.kafka, clientId: 'gateway', partitions: own.partitions, topics: Object.values(topics) };
  const imports = [logModule('gateway', own.logLevel), KafkaModule.forRoot(kafka), GatewayModule.forRoot(service)];
  return {
    imports,
    port: own.port,
    host: own.host,
    traces: own.traces,
    served: { ...served, host: own.host, adapter: () => gatewayAdapter(trustedProxies), configure: configureGateway },
  };
});
