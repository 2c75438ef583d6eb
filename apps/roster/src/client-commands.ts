import { type Command, Option } from 'commander';
import { type ClientSummary, type Federation, keyScope, type KeyScope } from '#libs/contracts';
import type { Counter, Json } from './counter.js';
import { daysFrom } from './days.js';
import { table } from './table.js';
import { meant, type Whose, whose } from './whose.js';

interface Create extends Whose, Json {
  name: string;
  scope: KeyScope[];
  expires: string;
  tokenLife: string;
  issuer?: string;
  subject?: string;
  audience?: string;
  jwksUri?: string;
}

const ID = 'the client’s id, as "client list" shows it';
const SHOWN_ONCE = 'The secret is shown this once.';

/** `roster client …`: programs that get access tokens by OAuth 2.0 instead of having a key. */
export function addClientCommands(program: Command, { withOffice, print, show, tenantUrl }: Counter): void {
  const client = program.command('client').description('OAuth clients: programs that get access tokens themselves');
  const one = (name: string) => client.command(name).argument('<id>', ID).option('--json');
  const tokenUrl = () => tenantUrl().replace(/\/v2$/, '/oauth2/token');

  whose(client.command('create'))
    .option('--name <name>', 'what the client is', 'client')
    .addOption(
      new Option('--scope <scope...>', 'what it may do').choices(keyScope.options).default(['scim:read', 'scim:write']),
    )
    .option('--expires <days>', 'life of its first secret in days, as 365d; or never', '365d')
    .option('--token-life <hours>', 'how long an access token lives: 1 to 6 hours', '1')
    .option('--issuer <issuer>', 'whose assertions are taken in place of a secret')
    .option('--subject <subject>', 'what that issuer calls the client')
    .option('--audience <audience>', 'whom the assertions are meant for')
    .option('--jwks-uri <url>', 'where the issuer’s keys are, unless its metadata says so')
    .option('--json')
    .action(({ name, scope: scopes, expires, tokenLife, json, ...given }: Create) =>
      withOffice(async (office) => {
        const directory = await meant(office, given);
        const asked = { name, scopes, expiresInDays: daysFrom(expires), tokenLifeS: lifeFrom(tokenLife) };
        const federation = federationFrom(given);
        const made = await office.clients.create(directory?.id ?? null, {
          ...asked,
          ...(federation && { federation }),
        });
        const { id, secrets } = made.client;
        const expiresAt = secrets[0]?.expiresAt ?? null;
        const object = { id, secret: made.secret, tokenUrl: tokenUrl(), tenantUrl: tenantUrl(), expiresAt };
        const lines = [
          `Tenant URL: ${tenantUrl()}${directory === null ? '/directories/<id>' : ''}`,
          `Token endpoint: ${tokenUrl()}`,
          `Client identifier: ${id}`,
          made.secret === undefined
            ? 'It shows assertions of its issuer.'
            : `Client secret: ${made.secret}\nThe secret ${expiresAt === null ? 'never expires' : `expires ${expiresAt}`}. ${SHOWN_ONCE}`,
        ];
        show(json, object, lines.join('\n'));
      }),
    );

  client
    .command('list')
    .option('--directory <directory>', 'id or name; all directories unless given')
    .option('--json')
    .action(({ directory: wanted, json }: { directory?: string } & Json) =>
      withOffice(async (office) => {
        const { clients } = office;
        const all =
          wanted === undefined ? await clients.listAll() : await clients.list((await office.directory(wanted)).id);
        if (json === true) for (const each of all) print(JSON.stringify(each));
        else print(table(['ID', 'NAME', 'DIRECTORY', 'STATUS', 'SHOWS', 'LAST USED'], all.map(row)));
      }),
    );

  one('add-secret')
    .option('--expires <days>', 'its life in days, as 365d; or never', '365d')
    .action((id: string, { expires, json }: { expires: string } & Json) =>
      withOffice(async (office) => {
        const made = await office.clients.addSecret(id, daysFrom(expires));
        const live = made.client.secrets.filter(({ status }) => status === 'live').length;
        const text = `Client secret: ${made.secret}\n${SHOWN_ONCE} The client has ${live} live secrets.`;
        show(json, { id, secret: made.secret, secrets: made.client.secrets }, text);
      }),
    );

  one('revoke-secret')
    .requiredOption('--secret <id>', 'the secret’s public id: what follows rs_ in it')
    .action((id: string, { secret, json }: { secret: string } & Json) =>
      withOffice(async (office) =>
        show(
          json,
          await office.clients.revokeSecret(id, secret),
          `Secret ${secret} is revoked, and the tokens that were got with it.`,
        ),
      ),
    );

  one('revoke').action((id: string, { json }: Json) =>
    withOffice(async (office) =>
      show(json, await office.clients.revoke(id), `Client ${id} is revoked, and all of its tokens.`),
    ),
  );
}

function row({ id, name, directory, status, secrets, federation, lastUsed }: ClientSummary): string[] {
  const live = secrets.filter((secret) => secret.status === 'live');
  const shows = federation === null ? live.map((secret) => secret.id).join(' ') : `assertions of ${federation.issuer}`;
  return [id, name, directory ?? 'all', status, shows, lastUsed?.at ?? ''];
}

/** All of issuer, subject and audience, or nothing. */
function federationFrom({ issuer, subject, audience, jwksUri }: Partial<Federation>): Federation | undefined {
  if (issuer === undefined && subject === undefined && audience === undefined && jwksUri === undefined)
    return undefined;
  if (issuer === undefined || subject === undefined || audience === undefined) {
    throw new Error('A client that shows assertions needs --issuer, --subject and --audience.');
  }
  return { issuer, subject, audience, ...(jwksUri !== undefined && { jwksUri }) };
}

function lifeFrom(hours: string): number {
  if (!/^[1-6]$/.test(hours)) throw new Error(`"${hours}" is no life of a token: write 1 to 6, in hours.`);
  return Number(hours) * 3_600;
}
