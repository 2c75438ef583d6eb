import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Readiness } from '#libs/service';
import { ActivityReport } from './activity.js';
import { type NoteUnrouted, UNROUTED } from './http.js';
import { DirectoryClient } from './directory.client.js';
import { KnownKeys } from './known-keys.js';
import { KnownSchemas } from './known-schemas.js';
import { RequestLog } from './request.log.js';

/** Ready when keys can be checked and answers can be heard. */
@Injectable()
export class GatewayReadiness extends Readiness {
  constructor(
    private readonly keys: KnownKeys,
    private readonly directory: DirectoryClient,
  ) {
    super();
  }

  problems(): string[] {
    const problems: string[] = [];
    if (!this.keys.isFresh()) problems.push('the key table has not been heard from for 30 s');
    if (!this.directory.isOpen()) problems.push('the way back for answers is not open');
    return problems;
  }
}

/** Start and end, in order: the way back, the schemas and the keys before the first request; the last reports after the last one. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly keys: KnownKeys,
    private readonly directory: DirectoryClient,
    private readonly schemas: KnownSchemas,
    private readonly activity: ActivityReport,
    private readonly requestLog: RequestLog,
    private readonly http: HttpAdapterHost,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('onResponse', (request, reply, done) => {
      this.activity.note(request, reply);
      this.requestLog.note(request, reply);
      done();
    });
    const noteUnrouted: NoteUnrouted = (request, reply) => this.activity.note(request, reply);
    fastify.decorate(UNROUTED, noteUnrouted);
    await this.directory.start();
    await this.schemas.start();
    await this.keys.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.activity.flush();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.activity.flush(); // of the requests that were still answered
    await this.directory.stop();
    await this.schemas.stop();
    await this.keys.stop();
  }
}
