import { Webhook } from 'standardwebhooks';
import { CATALOGUE } from '../incident/causes/catalogue.js';
import { opening, titleOf } from '../mail/words.js';
import type { Notice } from '../telling/notice.js';
import { AddressRefused, type Channel, type Delivery } from './channel.js';
import type { OutsideWorld } from './outside-world.js';

/** What is known of a webhook, its secret in clear. undefined: it was taken out meanwhile. */
export type FindWebhook = (id: string) => Promise<{ url: string; secret: string } | undefined>;

/** The far side is done with us for good: it says so with this status (Standard Webhooks). */
const GONE = 410;

/** The same incidents as signed requests (Standard Webhooks), for whatever passes them on: a chat, a pager. */
export class WebhookChannel implements Channel {
  readonly name = 'webhook';
  readonly isBundled = false;
  readonly perHourMax = 120;

  constructor(
    private readonly find: FindWebhook,
    private readonly world: OutsideWorld,
    private readonly now: () => Date,
  ) {}

  async send({ messageId, notice, address }: Delivery): Promise<void> {
    const webhook = await this.find(address);
    if (webhook === undefined) return;
    const body = JSON.stringify(webhookBody(notice));
    const at = this.now();
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Roster',
      'webhook-id': messageId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(webhook.secret).sign(messageId, at, body),
    };
    const status = await this.world.post(webhook.url, headers, body);
    if (status === GONE) throw new AddressRefused('the far side answered 410: it wants no more');
    if (status < 200 || status > 299) throw new Error(`the far side answered ${status}`);
  }
}

/** What a webhook is told: `type`, `timestamp` and `data`, as Standard Webhooks has it, with a `text` for chats. */
export function webhookBody(notice: Notice): object {
  const { kind, directory, incidents, at } = notice;
  const text = opening(notice);
  return {
    type: kind === 'test' ? 'test' : `incident.${kind === 'update' ? 'updated' : kind}`,
    timestamp: at,
    text,
    data: {
      directory,
      incidents: incidents.map((incident) => {
        const { explanation, inEntra, inRoster } = CATALOGUE[incident.class];
        return { ...incident, title: titleOf(incident), explanation, inEntra, inRoster };
      }),
    },
  };
}
