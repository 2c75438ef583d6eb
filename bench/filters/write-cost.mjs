// What each index costs who writes: the same batches on copies of one database, in turns, each copy without one of the indexes.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DIRECTORY } from './directory.mjs';

const BATCH = 50;
const ROUNDS = 8;
const BATCHES = 12;
const VARIANTS = {
  'all indexes': [],
  'without users_last_modified': ['drop index users_last_modified'],
  'without users_display_name': ['drop index users_display_name'],
  'without users_employee_number': ['drop index users_employee_number'],
  'no id in users_user_name': [
    'drop index users_user_name',
    'create unique index users_user_name on users (directory_id, user_name_key)',
  ],
};

/** Gives creates and changes a second, in the database alone, for each variant: the medians of the rounds. */
export async function writeCosts(adminUrl, templateUrl, variants = VARIANTS) {
  const copies = [];
  try {
    for (const [name, changes] of Object.entries(variants)) {
      copies.push({ name, changes: [], creates: [], ...(await copyOf(adminUrl, templateUrl, changes)) });
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const copy of round % 2 === 0 ? copies : copies.toReversed()) {
        copy.creates.push(await run(copy, (n) => userRow(randomUUID(), `new-${round}-${n}-${Math.random()}`, 1)));
        const rows = await copy.client.query(
          'select id, attributes, user_name_key as name from users tablesample system (20) where directory_id = $1 limit $2',
          [DIRECTORY, BATCH * BATCHES],
        );
        copy.changes.push(await run(copy, (n) => changed(rows.rows[n % rows.rows.length])));
      }
    }
    return copies.map(({ name, creates, changes }) => ({
      name,
      'creates/s': Math.round(median(creates)),
      'changes/s': Math.round(median(changes)),
    }));
  } finally {
    for (const { client, drop } of copies) {
      await client.end();
      await drop();
    }
  }
}

async function copyOf(adminUrl, templateUrl, changes) {
  const name = `copy_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${name} template ${new URL(templateUrl).pathname.slice(1)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query("set timezone to 'UTC'");
  for (const change of changes) await client.query(change);
  await client.query('vacuum analyze users');
  await client.query('insert into partition_owner values (0, 1, 0, 0, 0) on conflict do nothing');
  return { client, at: 0, drop: () => administer(adminUrl, `drop database ${name} with (force)`) };
}

/** Commits batches as the directory service does; gives users a second. */
async function run(copy, make) {
  const from = performance.now();
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const users = Array.from({ length: BATCH }, (_, n) => make(batch * BATCH + n));
    const now = new Date().toISOString();
    const owner = {
      partition: 0,
      epoch: 1,
      expected_offset: copy.at,
      next_offset: copy.at + BATCH,
      expected_position: copy.at,
      last_position: copy.at + BATCH,
    };
    const events = users.map(({ id, version, attributes }, n) => ({
      partition: 0,
      position: copy.at + n + 1,
      directory_id: DIRECTORY,
      sequence: copy.at + n + 1,
      id: randomUUID(),
      entity_type: 'user',
      entity_id: id,
      version,
      type: 'UserCreated',
      schema_version: 1,
      command_id: randomUUID(),
      correlation_id: 'x',
      actor: {},
      data: { attributes, created: now },
    }));
    const results = events.map(({ command_id }) => ({ command_id, reply: { outcome: 'done' } }));
    copy.at += BATCH;
    const json = (value) => JSON.stringify(value);
    await copy.client.query({
      name: 'commit',
      text: 'select commit_batch($1::json, $2::json, $3::json, $4::json, $5::uuid[], $6::json, $7::uuid[], $8::json, $9::json, $10::json, $11::timestamptz)',
      values: [json([owner]), '[]', json(events), json(users), [], '[]', [], '[]', '[]', json(results), now],
    });
  }
  return (BATCH * BATCHES * 1000) / (performance.now() - from);
}

function userRow(id, userName, version, attributes) {
  return {
    directory_id: DIRECTORY,
    id,
    user_name_key: userName,
    external_id: userName,
    display_name_key: userName,
    email_keys: [userName],
    active: true,
    version,
    created_at: '2026-01-01T00:00:00Z',
    attributes: attributes ?? {
      userName,
      externalId: userName,
      displayName: userName,
      active: true,
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ type: 'work', value: userName, primary: true }],
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': {
        employeeNumber: userName,
        department: 'Research',
      },
    },
  };
}

/** A new title, and nothing that has a key of its own. */
const changed = ({ id, name, attributes }) => ({
  ...userRow(id, name, 2, { ...attributes, title: `T${Math.random()}` }),
  external_id: attributes.externalId ?? null,
  display_name_key: attributes.displayName?.toLowerCase() ?? null,
  email_keys: (attributes.emails ?? []).map(({ value }) => value.toLowerCase()),
});

async function administer(url, statement) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
