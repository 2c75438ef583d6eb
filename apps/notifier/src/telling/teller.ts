import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type Transaction } from '#libs/postgres';
import { Clock } from '#libs/service';
import { type Channel, Channels } from '../channels/channel.js';
import { Repeating } from '../repeating.js';
import { toldNow } from './cadence.js';
import { makeDigest } from './digest.js';
import type { Notice } from './notice.js';
import {
  addressesOf,
  type Audience,
  keepNotice,
  knownThrough,
  lockDirectory,
  madeInHour,
  nextStep,
  noteDigest,
  saveTold,
  takeAudience,
} from './notice.store.js';
import { type Planned, planOf } from './plan.js';
import { pruneTelling } from './prune.js';
import { subjectLine } from './subject-line.js';
import { tellable } from './tellable.js';
import { isDigestDue, NO_WISHES } from './wishes.js';

const LOOK_MS = 500;
const LOOK_AGAIN_MS = 4_000;
const PRUNE_MS = 60 * 60_000;

/** Decides, directory by directory, what there is to tell, and puts it into the outbox. Sends nothing itself. */
@Injectable()
export class Teller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly looking = new Repeating(Teller.name, LOOK_MS, 'nobody can be told of incidents');
  private prunedAt = 0;

  constructor(
    private readonly database: Database,
    private readonly channels: Channels,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.begin(async (isEnding) => {
      while (!isEnding() && (await this.tellOne()));
      await this.prune();
    });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looking.end();
  }

  problems(): string[] {
    return this.looking.problems();
  }

  /** False when there is no directory to look at now. */
  private tellOne(): Promise<boolean> {
    return this.database.transaction(async (transaction) => {
      const now = this.clock.now();
      const audience = await takeAudience(transaction, now, LOOK_AGAIN_MS);
      if (audience === undefined) return false;
      await lockDirectory(transaction, audience.directory);
      for (const channel of this.channels.all) await this.tell(transaction, audience, channel, now);
      await this.digest(transaction, audience, now);
      return true;
    });
  }

  private async tell(transaction: Transaction, audience: Audience, channel: Channel, now: Date): Promise<void> {
    const { directory, wishes } = audience;
    // Nobody to tell now: whoever is named later is told of what lasts then.
    const addresses = await addressesOf(transaction, directory, channel.name);
    if (addresses.length === 0) return;
    const known = await knownThrough(transaction, directory, channel.name, now);
    const made = await madeInHour(transaction, directory, channel.name, now);
    const pace = { wishes: channel.name === 'mail' ? wishes : NO_WISHES, ...channel };
    for (const planned of planOf(known, pace, made, now)) {
      await this.keep(transaction, audience, channel, planned, addresses, now);
    }
  }

  private async keep(
    transaction: Transaction,
    audience: Audience,
    channel: Channel,
    { kind, thread, members }: Planned,
    addresses: readonly string[],
    now: Date,
  ): Promise<void> {
    const incidents = await tellable(transaction, members, now);
    const subject = members.find(({ told }) => told !== null)?.told?.subject ?? subjectLine(audience.name, incidents);
    const step = await nextStep(transaction, channel.name, thread);
    const at = now.toISOString();
    const directory = { id: audience.directory, name: audience.name };
    const notice: Notice = { kind, directory, thread, step, subject, at, incidents };
    await keepNotice(transaction, channel.name, notice, addresses, now);
    for (const { id, incident, told } of members) {
      await saveTold(
        transaction,
        id,
        channel.name,
        toldNow(incident, told, { at, kind: toldKind(kind, incident.status), thread, subject }),
      );
    }
  }

  private async digest(transaction: Transaction, audience: Audience, now: Date): Promise<void> {
    if (!isDigestDue(audience.wishes, audience.digestedAt, now)) return;
    await noteDigest(transaction, audience.directory, now);
    const addresses = await addressesOf(transaction, audience.directory, 'mail');
    const notice = addresses.length === 0 ? undefined : await makeDigest(transaction, audience, now);
    if (notice !== undefined) await keepNotice(transaction, 'mail', notice, addresses, now);
  }

  private async prune(): Promise<void> {
    const now = this.clock.now();
    if (now.getTime() - this.prunedAt < PRUNE_MS) return;
    await pruneTelling(this.database, now);
    this.prunedAt = now.getTime();
  }
}

/** Of one that is over, people know that, whatever else the notice was about. */
const toldKind = (kind: Notice['kind'], status: string) =>
  status === 'resolved' ? 'resolved' : kind === 'resolved' ? 'update' : kind;
