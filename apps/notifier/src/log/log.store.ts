import type { Transaction } from '#libs/postgres';
import type { Entry } from './entry.js';

/** Keeps these entries; gives the ids of those that were not there yet, so that nothing handed over twice counts twice. */
export async function keepEntries(
  transaction: Transaction,
  entries: readonly Entry[],
  receivedAt: Date,
): Promise<Set<string>> {
  const column = <Name extends keyof Entry>(name: Name) => entries.map((entry) => entry[name]);
  const rows = await transaction.query<{ id: string }>(
    'log_keep',
    `insert into activity (id, at, received_at, directory, key_id, method, path, query, resource_type, target, status,
       scim_type, detail, class, duration_ms, correlation_id, client_address, user_agent, count, left_out, request)
     select id, at, $1, directory, key_id, method, path, query, resource_type, target, status, scim_type, detail, class,
       duration_ms, correlation_id, client_address, user_agent, count,
       case when left_out = '[]' then null else left_out::jsonb end, request
     from unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::text[], $11::int[], $12::text[], $13::text[], $14::text[], $15::float8[], $16::text[], $17::text[], $18::text[], $19::int[], $20::text[],
       $21::text[])
       as e(id, at, directory, key_id, method, path, query, resource_type, target, status, scim_type, detail, class,
         duration_ms, correlation_id, client_address, user_agent, count, left_out, request)
     on conflict do nothing returning id`,
    [
      receivedAt,
      column('id'),
      column('at'),
      column('directory'),
      column('keyId'),
      column('method'),
      column('path'),
      column('query'),
      column('resourceType'),
      column('target'),
      column('status'),
      column('scimType'),
      column('detail'),
      column('failureClass'),
      column('durationMs'),
      column('correlationId'),
      column('clientAddress'),
      column('userAgent'),
      column('count'),
      entries.map(({ leftOut }) => JSON.stringify(leftOut)),
      column('request'),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}
