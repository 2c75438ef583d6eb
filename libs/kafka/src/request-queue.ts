import { kafkajsInternals, type RequestQueue } from './kafkajs-internals.js';

const CHECK_MS = 10;

/**
 * kafkajs sets a timer after every answer, also when no request waits and nothing is throttled, and with a negative delay:
 * Node takes that as 1 ms, so each connection spins, and Node 24 warns of each (tulios/kafkajs #1751, #1768).
 * Here the timer is set only while a request waits, and never in the past.
 */
export function repairRequestQueue(): void {
  kafkajsInternals().RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const throttledMs = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledMs > 0 ? throttledMs : CHECK_MS,
    );
  };
}
