import pg from 'pg';

/** One service's own place in the database: a schema that belongs to a login role of the same name. */
export interface ServicePlace<Name extends string = string> {
  name: Name;
  password: string;
}

/**
 * Makes (or keeps) the database, and for each service a login role and a schema that only this role may use.
 * `adminUrl` must name a role that may create roles and databases. Gives back a URL for each service.
 */
export async function provision<Name extends string>(
  adminUrl: string,
  database: string,
  services: readonly ServicePlace<Name>[],
): Promise<Map<Name, string>> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  });
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  await withClient(url.href, async (client) => {
    await client.query('revoke all on schema public from public');
    // Nobody but these may even connect, and nobody makes tables that no migration knows.
    await client.query(`revoke all on database ${client.escapeIdentifier(database)} from public`);
    for (const service of services) await makePlace(client, database, service);
  });
  return new Map(services.map(({ name, password }) => [name, withCredentials(url, name, password)]));
}

async function makePlace(client: pg.Client, database: string, { name, password }: ServicePlace): Promise<void> {
  const role = client.escapeIdentifier(name);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  // What is not said here a role does not have.
  const rights = 'login nocreatedb nocreaterole noinherit';
  await client.query(`${verb} role ${role} ${rights} password ${client.escapeLiteral(password)}`);
  await client.query(`grant connect on database ${client.escapeIdentifier(database)} to ${role}`);
  await client.query(`create schema if not exists ${role} authorization ${role}`);
}

function withCredentials(url: URL, user: string, password: string): string {
  const own = new URL(url);
  own.username = encodeURIComponent(user);
  own.password = encodeURIComponent(password);
  return own.href;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
