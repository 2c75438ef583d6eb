import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { exchangeOf } from '../http/exchange.js';
import { BearerStrategy } from './bearer.strategy.js';
import { scopeMissing } from './key-refusal.js';

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Lets a request in whose key is in force and has the scope: `scim:read` to read, `scim:write` for all else. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(private readonly bearer: BearerStrategy) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { key, refusal } = this.bearer.identify(request.headers.authorization);
    exchangeOf(request).key = key;
    if (refusal !== undefined) throw refusal;
    const scope = READING.has(request.method) ? 'scim:read' : 'scim:write';
    if (key?.scopes.includes(scope) !== true) throw scopeMissing(scope);
    return true;
  }
}
