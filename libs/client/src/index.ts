export { subscribe } from './subscribe.js';
export type { SubscribeOptions, Subscription } from './options.js';
export { type StopCode, SubscriptionStopped } from './errors.js';
export type { PublicEvent, PublicEventType } from '#libs/contracts';
