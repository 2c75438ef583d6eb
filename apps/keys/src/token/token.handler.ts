import { timingSafeEqual } from 'node:crypto';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { KeyReply } from '#libs/contracts';
import { Database } from '#libs/postgres';
import { Clock } from '#libs/service';
import { findClient } from '../client/client.queries.js';
import { seal } from '../secret.js';
import { keepAssertion } from './assertion.queries.js';
import { grantFor, NoToken, type TokenAsked } from './grant.js';
import { Signer } from './signer.js';

/** Give a client an access token. Nothing is kept of it but that an assertion has been used. */
export class IssueToken extends Command<KeyReply> {
  constructor(
    readonly commandId: string,
    readonly asked: TokenAsked,
  ) {
    super();
  }
}

@CommandHandler(IssueToken)
export class IssueTokenHandler implements ICommandHandler<IssueToken> {
  constructor(
    private readonly database: Database,
    private readonly signer: Signer,
    private readonly clock: Clock,
  ) {}

  async execute({ commandId, asked }: IssueToken): Promise<KeyReply> {
    try {
      return await this.issue(commandId, asked);
    } catch (error) {
      if (error instanceof NoToken) return { outcome: 'no-token', error: error.error, text: error.message };
      throw error;
    }
  }

  private async issue(commandId: string, asked: TokenAsked): Promise<KeyReply> {
    const { id, issuer, audience, proof, sealTo } = asked;
    const now = this.clock.now();
    const grant = grantFor(await findClient(this.database, id), asked, now.toISOString(), isSame);
    if (proof.kind === 'assertion' && !(await keepAssertion(this.database, { ...proof, commandId }, now))) {
      throw new NoToken('invalid_client', 'This assertion has been used before; make a new one for each request.');
    }
    const { directory, scopes, lifeS, secretId } = grant;
    const who = { iss: issuer, aud: audience, sub: id, client_id: id, scope: scopes.join(' ') };
    const claims = { ...who, ...(directory && { directory }), ...(secretId && { secret_id: secretId }) };
    const token = await this.signer.sign(claims, lifeS);
    return { outcome: 'token', sealedToken: await seal(token, sealTo), expiresInS: lifeS, scopes };
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}
