import { RequestQueue } from './kafkajs-internals.js';

const CHECK_MS = 10;

let isRepaired = false;

/**
 * kafkajs 2.2.4 arms a timer for pending requests even when there are none, with a delay far below zero: Node 24 warns
 * of each and runs it every millisecond (tulios/kafkajs #1751, #1768). Armed only when requests wait, it does neither.
 */
export function repairRequestQueue(): void {
  if (isRepaired) return;
  isRepaired = true;
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: typeof RequestQueue.prototype) {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const throttledFor = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledFor > 0 ? throttledFor : CHECK_MS,
    );
  };
}
