import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { v7 } from 'uuid';
import { type NotifierCommand, type Request, topics } from '#libs/contracts';
import { CommandLog } from '#libs/messaging';
import { ScimError } from '#libs/scim';

const TOKEN = /^[\w-]{1,900}\.[\w-]{43}$/;
const PATIENCE_MS = 7 * 24 * 60 * 60_000;
/** Whoever has a link can do one thing with it; so many a minute are enough for everybody. */
const PER_MINUTE_MAX = 120;
const MINUTE_MS = 60_000;
const HTML = 'text/html; charset=utf-8';

/**
 * Where people stop the mails of a directory: one POST, by a mail program (RFC 8058) or by the button of the page. The GET
 * changes nothing, since programs follow the links in mails before people do. Whether the token holds, the notifier decides.
 */
@Controller('notify/stop')
export class StopController {
  private minute = 0;
  private taken = 0;

  constructor(private readonly commands: CommandLog) {}

  @Get(':token')
  ask(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.header('content-type', HTML).header('referrer-policy', 'no-referrer');
    if (!TOKEN.test(token)) return page('This link is not whole.', 'Open it from the mail again, or copy all of it.');
    const button =
      '<form method="post"><button style="font-size:16px;padding:8px 16px">No more of these mails</button></form>';
    return page(
      'Stop the mails about failed provisioning?',
      'This address then gets no more of them for this directory.',
      button,
    );
  }

  @Post(':token')
  @HttpCode(200)
  async stop(@Param('token') token: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (!TOKEN.test(token)) throw new ScimError(400, undefined, 'This link is not whole.');
    this.count();
    await this.commands.send(topics.notifierCommands.name, [{ key: token, value: JSON.stringify(unsubscribe(token)) }]);
    void reply.header('content-type', HTML);
    return page('Done.', 'This address gets no more of these mails. An administrator can name it again.');
  }

  private count(): void {
    const minute = Math.floor(Date.now() / MINUTE_MS);
    if (minute !== this.minute) Object.assign(this, { minute, taken: 0 });
    this.taken += 1;
    if (this.taken > PER_MINUTE_MAX) throw new ScimError(429, undefined, 'Too many at once; try again in a minute.');
  }
}

/** Nobody waits for the answer: it is done as soon as the notifier is there. */
function unsubscribe(token: string): Request<NotifierCommand> {
  const id = v7();
  const now = Date.now();
  return {
    id,
    type: 'notifier.command',
    schemaVersion: 1,
    time: new Date(now).toISOString(),
    correlationId: id,
    causationId: null,
    actor: { kind: 'system', id: 'mail' },
    directory: null,
    data: { do: 'unsubscribe', token },
    replyTo: '',
    deadline: new Date(now + PATIENCE_MS).toISOString(),
  };
}

function page(title: string, words: string, more = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>Roster</title></head><body style="font-family:sans-serif;max-width:32em;margin:3em auto;padding:0 1em;line-height:1.5"><h1 style="font-size:20px">${title}</h1><p>${words}</p>${more}</body></html>\n`;
}
