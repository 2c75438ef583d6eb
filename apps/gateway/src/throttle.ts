import { Injectable } from '@nestjs/common';

/** How long a request may be held back before it is refused instead. */
export const HELD_MS_MAX = 2_000;
const BURST_MS = 1_000;
const KEPT_MAX = 10_000;

export type Admission = { waitMs: number } | { retryAfterS: number };

/**
 * Holds back who asks more often than they may, each by themselves, in this process alone. Whoever stays within the rate in
 * every second never waits; who is above it is held back, at most two seconds, and refused beyond that.
 */
@Injectable()
export class Throttle {
  /** Who → when the requests that were let in would all have come, at an even pace (the generic cell rate algorithm). */
  private readonly due = new Map<string, number>();

  /** May one more request of `who` come in now, at `perSecond` requests a second? `now` in milliseconds. */
  admit(who: string, perSecond: number, now: number): Admission {
    const intervalMs = 1_000 / perSecond;
    const due = Math.max(this.due.get(who) ?? 0, now);
    const waitMs = Math.max(0, due - now - (BURST_MS - intervalMs));
    if (waitMs > HELD_MS_MAX) return { retryAfterS: Math.ceil(waitMs / 1_000) };
    if (this.due.size >= KEPT_MAX && !this.due.has(who)) this.forget(now);
    this.due.set(who, due + intervalMs);
    return { waitMs: Math.ceil(waitMs) };
  }

  /** Who has been silent long enough is as one who never came. */
  private forget(now: number): void {
    for (const [who, due] of this.due) if (due <= now) this.due.delete(who);
  }
}
