import { type Command, Option } from 'commander';
import { keyScope, type KeyScope, type KeySummary, rotationGrace, type RotationGrace } from '#libs/contracts';
import type { Counter, Json } from './counter.js';
import { daysFrom } from './days.js';
import { table } from './table.js';
import { meant, type Whose, whose } from './whose.js';

interface Create extends Whose, Json {
  name: string;
  expires: string;
  scope?: KeyScope[];
  requestsPerSecond?: string;
}

const ID = 'the key’s id, as "key list" shows it';
const SHOWN_ONCE = 'The token is shown this once.';

/** `roster key …`: the life of keys. */
export function addKeyCommands(program: Command, counter: Counter): Command {
  const { withOffice, print, show, tenantUrl } = counter;
  const key = program.command('key').description('keys that let a client provision a directory');
  const one = (name: string) => key.command(name).argument('<id>', ID).option('--json');

  whose(key.command('create'))
    .option('--name <name>', 'what the key is for', 'key')
    .option('--expires <days>', 'life in days, as 365d; or never', '365d')
    .addOption(new Option('--scope <scope...>', 'what it may do; everything unless given').choices(keyScope.options))
    .option('--requests-per-second <n>', 'a limit of its own, in place of the directory’s')
    .option('--json')
    .action(({ name, expires, scope: scopes, requestsPerSecond, json, ...wanted }: Create) =>
      withOffice(async (office) => {
        const directory = await meant(office, wanted);
        const limit = requestsPerSecond === undefined ? {} : { requestsPerSecond: countFrom(requestsPerSecond) };
        const asked = { name, expiresInDays: daysFrom(expires), ...limit, ...(scopes && { scopes }) };
        const { key: made, token } = await office.keys.create(directory?.id ?? null, asked);
        const { id, expiresAt } = made;
        const base = directory === null ? `${tenantUrl()}/directories/<id>` : tenantUrl();
        show(
          json,
          { id, token, tenantUrl: tenantUrl(), directory: directory?.id ?? null, name, expiresAt },
          `Tenant URL: ${base}\nSecret Token: ${token}\n` +
            `Key ${id} of ${directory === null ? 'all directories' : `directory ${directory.name}`}, ${ends(made)}. ${SHOWN_ONCE}`,
        );
      }),
    );

  key
    .command('list')
    .option('--directory <directory>', 'id or name; all directories unless given')
    .option('--json')
    .action(({ directory: wanted, json }: { directory?: string } & Json) =>
      withOffice(async (office) => {
        const { keys } = office;
        const all = wanted === undefined ? await keys.listAll() : await keys.list((await office.directory(wanted)).id);
        if (json === true) for (const each of all) print(JSON.stringify(each));
        else print(table(HEADINGS, all.map(row)));
      }),
    );

  one('show').action((id: string, { json }: Json) =>
    withOffice(async (office) => {
      const shown = await office.keys.show(id);
      const history = shown.history.map(({ what, at, by }) => `  ${at}  ${what}, by ${by.kind} ${by.id}`);
      show(json, shown, [table(HEADINGS, [row(shown.key)]), details(shown.key), ...history].join('\n'));
    }),
  );

  one('rotate')
    .addOption(
      new Option('--grace <time>', 'how long the old one goes on').choices(rotationGrace.options).default('24h'),
    )
    .option('--expires <days>', 'life of the new one; as long as the old one’s unless given')
    .action((id: string, { grace, expires, json }: { grace: RotationGrace; expires?: string } & Json) =>
      withOffice(async (office) => {
        const life = expires === undefined ? {} : { expiresInDays: daysFrom(expires) };
        const { key: made, old, token } = await office.keys.rotate(id, { grace, ...life });
        show(
          json,
          { id: made.id, token, tenantUrl: tenantUrl(), directory: made.directory, expiresAt: made.expiresAt, old },
          `Secret Token: ${token}\nKey ${made.id} takes over, ${ends(made)}. ${SHOWN_ONCE}\nKey ${old.id} ${
            grace === 'now' ? 'has ended' : `goes on until ${old.expiresAt ?? ''}`
          }.`,
        );
      }),
    );

  for (const [name, how, done] of [
    ['disable', 'disable-key', 'is disabled; "key enable" brings it back'],
    ['enable', 'enable-key', 'is enabled'],
  ] as const) {
    one(name).action((id: string, { json }: Json) =>
      withOffice(async (office) => show(json, await office.keys.change(id, how), `Key ${id} ${done}.`)),
    );
  }

  one('revoke').action((id: string, { json }: Json) =>
    withOffice(async (office) => show(json, await office.keys.revoke(id), `Key ${id} is revoked.`)),
  );

  one('limit')
    .requiredOption('--requests-per-second <n>', 'or none, for the directory’s limit')
    .action((id: string, { requestsPerSecond: wanted, json }: { requestsPerSecond: string } & Json) =>
      withOffice(async (office) => {
        const limited = await office.keys.limit(id, wanted === 'none' ? null : countFrom(wanted));
        show(
          json,
          limited,
          `Key ${id} may ask ${limited.requestsPerSecond ?? 'as often as its directory'} times a second.`,
        );
      }),
    );

  whose(key.command('allow'))
    .description('how many keys of a directory may live at a time')
    .requiredOption('--live <n>', 'as many as that; 2 unless set')
    .option('--json')
    .action(({ live, json, ...wanted }: Whose & { live: string } & Json) =>
      withOffice(async (office) => {
        const directory = await meant(office, wanted);
        const liveKeysMax = await office.keys.allow(directory?.id ?? null, countFrom(live));
        const of = directory === null ? 'that reach all directories' : `of directory ${directory.name}`;
        show(json, { directory: directory?.id ?? null, liveKeysMax }, `${liveKeysMax} keys ${of} may live at a time.`);
      }),
    );
  return key;
}

const HEADINGS = ['ID', 'NAME', 'DIRECTORY', 'STATUS', 'EXPIRES', 'LAST USED'];

const row = ({ id, name, directory, status, expiresAt, lastUsed }: KeySummary): string[] => [
  id,
  name,
  directory ?? 'all',
  status,
  expiresAt ?? 'never',
  lastUsed?.at ?? '',
];

function details({ scopes, requestsPerSecond, successor, predecessor, lastUsed }: KeySummary): string {
  const parts = [
    `  may: ${scopes.join(', ')}`,
    requestsPerSecond === null ? '' : `, ${requestsPerSecond} requests/s`,
    predecessor === null ? '' : `; took over from ${predecessor}`,
    successor === null ? '' : `; ${successor} took over`,
    lastUsed === null
      ? ''
      : `\n  last used from ${lastUsed.address ?? 'somewhere'} by ${lastUsed.userAgent ?? 'a client that has no name'}`,
  ];
  return parts.join('');
}

function countFrom(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new Error(`"${text}" is no number that can be taken here: write 1 to 10000.`);
  return Number(text);
}

const ends = ({ expiresAt }: KeySummary) => (expiresAt === null ? 'never expires' : `expires ${expiresAt}`);
