import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { Webhook } from 'standardwebhooks';
import type { NotifierCommand } from '#libs/contracts';
import { failed, NotifierUnderTest, succeeded } from './notifier-under-test.contract.js';

let notifier: NotifierUnderTest;
let server: Server;
let url: string;
let answer: number;
let heard: { headers: IncomingHttpHeaders; body: string }[];

beforeEach(async () => {
  notifier = await NotifierUnderTest.make();
  heard = [];
  answer = 204;
  server = createServer((incoming, outgoing) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (piece: string) => (body += piece));
    incoming.on('end', () => {
      heard.push({ headers: incoming.headers, body });
      outgoing.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
  server.close();
  await notifier.end();
});

async function adding(to: string): Promise<{ command: NotifierCommand; open: (sealed: string) => Promise<string> }> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
  const sealTo = { ...(await exportJWK(publicKey)) };
  const id = '0197a000-0000-7000-8000-00000000c001';
  return {
    command: { do: 'add-webhook', id, url: to, directoryName: 'Acme', sealTo },
    open: async (sealed) => new TextDecoder().decode((await compactDecrypt(sealed, privateKey)).plaintext),
  };
}

describe('a webhook', () => {
  it('is told the same incidents, signed, and no one else can sign for us', async () => {
    await notifier.start({ mayWebhooksGoInside: true });
    const { command, open } = await adding(url);
    const { sealedSecret } = await notifier.ask(command, 'webhook');
    const secret = await open(sealedSecret);
    await notifier.hear([failed(), failed({ status: 400, scimType: 'invalidValue', detail: 'title must be a text.' })]);
    notifier.clock.turn(31);
    await notifier.comesTrue(() => expect(heard).toHaveLength(2));
    await notifier.hear([succeeded()]);
    notifier.clock.turn(61);
    await notifier.comesTrue(() => expect(heard).toHaveLength(4));
    expect(heard.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual([
      'incident.opened',
      'incident.opened',
      'incident.resolved',
      'incident.resolved',
    ]);
    const [first] = heard;
    const headers = first?.headers as Record<string, string>;
    // The library takes only what was signed within the last minutes, by the machine's own clock.
    const at = new Date(Number(headers['webhook-timestamp']) * 1000);
    expect(new Webhook(secret).sign(headers['webhook-id'] ?? '', at, first?.body ?? '')).toBe(
      headers['webhook-signature'],
    );
    expect(new Webhook('whsec_AAAA').sign(headers['webhook-id'] ?? '', at, first?.body ?? '')).not.toBe(
      headers['webhook-signature'],
    );
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      text: expect.stringContaining('failed'),
      data: { directory: { name: 'Acme' }, incidents: [{ title: expect.any(String), inEntra: expect.any(String) }] },
    });
    const rows = await notifier.database.query('webhook_rows', 'select * from webhook');
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6));
  });

  it('is tried again while it fails, follows nobody elsewhere, and is let go when it says that it is done with us', async () => {
    answer = 302;
    await notifier.start({ mayWebhooksGoInside: true });
    await notifier.ask((await adding(url)).command, 'webhook');
    await notifier.ask({ do: 'send-test', directoryName: 'Acme' }, 'told');
    await notifier.comesTrue(() => expect(heard).toHaveLength(1));
    await notifier.settled(); // the next try is reckoned from when the answer was taken
    answer = 410;
    for (const seconds of [6, 11, 21]) {
      notifier.clock.turn(seconds);
      await notifier.settled();
    }
    expect(heard).toHaveLength(4);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const { webhooks } = await notifier.ask({ do: 'show-telling' }, 'telling');
    expect(webhooks).toMatchObject([{ url, state: expect.stringContaining('refused for good') }]);
  });

  it('leads nowhere within, and there is none without a secret to seal its own with', async () => {
    await notifier.start();
    for (const inside of [url, 'https://localhost/', 'https://10.0.0.1/']) {
      expect(await notifier.reply((await adding(inside)).command)).toMatchObject({
        outcome: 'refused',
        code: 'invalid',
      });
    }
    await notifier.stop();
    await notifier.start({ secret: undefined });
    const { command } = await adding('https://hooks.example.com/x');
    expect(await notifier.reply(command)).toMatchObject({
      outcome: 'refused',
      text: expect.stringContaining('NOTIFIER_SECRET'),
    });
  });

  it('is taken out again', async () => {
    await notifier.start({ mayWebhooksGoInside: true });
    const { id } = await notifier.ask((await adding(url)).command, 'webhook');
    expect(await notifier.reply((await adding(url)).command)).toMatchObject({
      outcome: 'refused',
      code: 'already-exists',
    });
    await notifier.ask({ do: 'remove-webhook', id }, 'telling');
    expect(await notifier.reply({ do: 'remove-webhook', id })).toMatchObject({ outcome: 'refused', code: 'not-found' });
    expect(await notifier.reply({ do: 'send-test', directoryName: 'Acme' })).toMatchObject({ outcome: 'refused' });
  });
});
