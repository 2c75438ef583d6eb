import { counter, gauge, histogram } from '#libs/service';

const ROUTES = [
  '/v2',
  '/v2/.search',
  '/v2/Users',
  '/v2/Users/:id',
  '/v2/Users/.search',
  '/v2/Groups',
  '/v2/Groups/:id',
  '/v2/Groups/.search',
  '/v2/Bulk',
  '/v2/Me',
  '/v2/ServiceProviderConfig',
  '/v2/ResourceTypes',
  '/v2/ResourceTypes/:id',
  '/v2/Schemas',
  '/v2/Schemas/:id',
  '/oauth2/token',
  '/.well-known/oauth-authorization-server',
  '/health/live',
  '/health/ready',
] as const;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** Every request, with how long it took until it was answered. */
export const requests = histogram(
  'roster_http_request_duration_seconds',
  'How long requests took, by the route that took them, method and class of status.',
  [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  { route: ROUTES, method: METHODS, status: CLASSES },
);

/** Requests that asked the directory and wait for it. */
export const requestsWaiting = gauge('roster_gateway_requests_waiting', 'Requests that wait for the directory.', {});

export const lateAnswers = counter(
  'roster_gateway_late_answers_total',
  'Questions to the directory that were not answered in time.',
  { kind: ['command', 'query', 'keys'] },
);

export const keyTableAge = gauge(
  'roster_gateway_key_table_age_seconds',
  'How long ago Kafka was last heard from about keys; after 30 s nobody is let in.',
  {},
);

export const keysKnown = gauge('roster_gateway_keys_known', 'Keys in the table, also those that have ended.', {});

export const reportsLost = counter(
  'roster_gateway_activity_lost_total',
  'Reports of requests that were dropped because Kafka did not take them for too long.',
  {},
);

/** `201` is `2xx`. */
export const classOf = (status: number): string => `${Math.floor(status / 100)}xx`;
