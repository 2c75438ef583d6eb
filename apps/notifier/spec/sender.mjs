// A notifier that sends what waits in its database, and is killed for it: `node sender.mjs <database url> <smtp url> <time>`.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import * as messaging from '../../../dist/libs/messaging/src/index.js';
import { Clock } from '../../../dist/libs/service/src/index.js';
import { NotifierModule } from '../../../dist/apps/notifier/src/notifier.module.js';

const [databaseUrl, smtpUrl, time] = process.argv.slice(2);

class SetClock extends Clock {
  now() {
    return new Date(time);
  }
}

class Transport {}
Module({})(Transport);
class Host {}
Module({})(Host);

const providers = [
  { provide: messaging.CommandLog, useValue: new messaging.InProcessCommandLog(4) },
  { provide: messaging.ReplyChannel, useValue: new messaging.InProcessReplyChannel(Date.now) },
  { provide: messaging.ChangeLog, useValue: new messaging.InProcessChangeLog() },
];
const transport = { module: Transport, global: true, providers, exports: providers.map(({ provide }) => provide) };
const notifier = NotifierModule.forRoot({
  databaseUrl,
  publicUrl: 'https://roster.example.com',
  mail: { from: 'roster@localhost', smtpUrl, folder: '' },
  clock: new SetClock(),
});
await NestFactory.createApplicationContext({ module: Host, imports: [transport, notifier] }, { logger: false });
