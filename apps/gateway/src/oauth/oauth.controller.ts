import { setTimeout as pause } from 'node:timers/promises';
import { Body, Controller, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { keyScope } from '#libs/contracts';
import type { Called } from '../bearer.guard.js';
import { GatewaySettings } from '../gateway.config.js';
import { KnownKeys } from '../known-keys.js';
import { Throttle } from '../throttle.js';
import { Unavailable } from '../unavailable.js';
import { ASSERTION_ALGORITHMS } from './assertion.js';
import { OAuthError } from './oauth-error.js';
import { TokenDoor } from './token.door.js';
import { readTokenRequest } from './token-request.js';

const STALE_RETRY_S = 10;
/** A token is good for an hour at least: nobody needs this many. */
const TOKENS_PER_SECOND = 10;

/** OAuth 2.0 for machines: the token endpoint (RFC 6749 §3.2) and what is told of it (RFC 8414). */
@Controller()
export class OAuthController {
  constructor(
    private readonly door: TokenDoor,
    private readonly keys: KnownKeys,
    private readonly throttle: Throttle,
    private readonly settings: GatewaySettings,
  ) {}

  @Post('oauth2/token')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async token(@Req() request: Called, @Res({ passthrough: true }) reply: FastifyReply, @Body() body: unknown) {
    if (!this.keys.isFresh()) throw new Unavailable('Clients cannot be checked just now.', STALE_RETRY_S);
    const asked = readTokenRequest(body, request.headers.authorization);
    const client = this.door.clientOf(asked);
    request.refused = { keyId: client.id, directory: client.directory }; // until it has its token, and told of only then
    const proof = await this.door.prove(asked, client, request.id);
    // Only now: whoever knows a client's id must not be able to use up its turns.
    await this.turn(client.id, reply);
    return this.door.issue(asked, client, proof, request.id);
  }

  @Get('.well-known/oauth-authorization-server')
  metadata() {
    const { publicUrl } = this.settings;
    return {
      issuer: publicUrl,
      token_endpoint: `${publicUrl}/oauth2/token`,
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      scopes_supported: keyScope.options,
    };
  }

  private async turn(clientId: string, reply: FastifyReply): Promise<void> {
    const admission = this.throttle.admit(`token ${clientId}`, TOKENS_PER_SECOND, performance.now());
    if ('waitMs' in admission) {
      await pause(admission.waitMs);
      return;
    }
    void reply.header('retry-after', String(admission.retryAfterS));
    const text = 'This client has asked for many tokens; use them until they end.';
    throw new OAuthError('temporarily_unavailable', text, 429);
  }
}
