import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { withoutSecrets } from './redact.js';

/** JSON lines on stdout, without secrets: one set-up for every service. */
export function logModule(service: string, level: string): DynamicModule {
  return LoggerModule.forRoot({
    pinoHttp: {
      level,
      base: { service },
      autoLogging: false,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.password', '*.token', '*.secret'],
      // The last word before a line is written: a secret may hide in the text of anybody's error.
      hooks: { streamWrite: withoutSecrets },
    },
  });
}
