import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database, type Transaction } from '#libs/postgres';
import { Clock } from '#libs/service';
import { dropQuiet } from '../incident/failing.store.js';
import { Incidents } from '../incident/incidents.js';
import { Repeating } from '../repeating.js';
import { budgetOf } from './budget.js';
import { DirectoryClient } from './directory.client.js';
import { manyGone, pruneGone } from './gone.store.js';
import { type Health, healthOf, isMassDeprovision, MASS_MIN, type Signs } from './health.js';
import { endAlert, massAlert, quarantineAlert, raiseAlert, silentAlert } from './alerts.js';
import { budgetSides, noteHealth, takeToLookAt, type Watched } from './watch.store.js';

const LOOK_MS = 1_000;
const EVERY_MS = 60_000;
const AT_ONCE_MAX = 50;
/** Two of Entra's daily tries missed: nobody tries it any more. */
const QUIET_MS = 49 * 60 * 60_000;

/** Looks after the health of every directory, and raises what no single request says. */
@Injectable()
export class HealthWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly looking = new Repeating(HealthWatch.name, LOOK_MS, 'the health of directories cannot be seen');
  private sweptAt = 0;

  constructor(
    private readonly database: Database,
    private readonly incidents: Incidents,
    private readonly directories: DirectoryClient,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.looking.begin(async () => {
      await this.look();
      await this.lookForMass();
      await this.sweep();
    });
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.looking.end();
  }

  problems(): string[] {
    return this.looking.problems();
  }

  private look(): Promise<void> {
    return this.database.transaction(async (transaction) => {
      const now = this.clock.now();
      const watched = await takeToLookAt(transaction, now, EVERY_MS, AT_ONCE_MAX);
      for (const one of watched.sort((a, b) => (a.directory < b.directory ? -1 : 1)))
        await this.lookAt(transaction, one, now);
    });
  }

  private async lookAt(transaction: Transaction, watched: Watched, now: Date): Promise<void> {
    const { directory } = watched;
    const sides = await budgetSides(transaction, directory, now);
    const budget = budgetOf(sides.failing, sides.written);
    const signs: Signs = {
      lastHeardAt: watched.last_heard_at,
      activeMs: sides.activeMs,
      lastSuccessAt: watched.last_success_at,
      lastKeyRefusedAt: watched.last_key_refused_at,
      inHour: sides.inHour,
      budget,
    };
    const health: Health = healthOf(signs, { health: watched.health, since: watched.health_since }, now);
    await noteHealth(transaction, directory, health, now);
    if (health === 'quarantine-risk')
      await raiseAlert(this.incidents, transaction, directory, quarantineAlert(budget, now), now);
    else await endAlert(this.incidents, transaction, directory, 'quarantine-risk', now);
    if (health === 'silent')
      await raiseAlert(this.incidents, transaction, directory, silentAlert(watched.last_heard_at), now);
    else await endAlert(this.incidents, transaction, directory, 'silent', now);
  }

  /** Tells when unusually many users went; how many there are is asked only then. */
  private async lookForMass(): Promise<void> {
    const now = this.clock.now();
    const many = await manyGone(this.database, MASS_MIN, now);
    for (const { directory, gone } of many) {
      const active = await this.directories.activeUsers(directory);
      if (active === undefined || !isMassDeprovision(gone, active)) continue;
      await this.database.transaction((transaction) =>
        raiseAlert(this.incidents, transaction, directory, massAlert(gone, active, now), now),
      );
    }
    const still = new Set(many.map(({ directory }) => directory));
    await this.database.transaction(async (transaction) => {
      const open = await transaction.query<{ directory: string }>(
        'mass_open',
        `select directory from incident where fingerprint = 'mass-deprovision|||' and status <> 'resolved'`,
      );
      for (const { directory } of open) {
        if (!still.has(directory)) await endAlert(this.incidents, transaction, directory, 'mass-deprovision', now);
      }
    });
  }

  private async sweep(): Promise<void> {
    const now = this.clock.now();
    if (now.getTime() - this.sweptAt < EVERY_MS) return;
    this.sweptAt = now.getTime();
    await pruneGone(this.database, now);
    await this.database.transaction(async (transaction) => {
      const quiet = await dropQuiet(transaction, new Date(now.getTime() - QUIET_MS));
      await this.incidents.endCleared(transaction, quiet, 'quiet', now);
    });
  }
}
