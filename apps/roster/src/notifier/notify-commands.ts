import type { Command } from 'commander';
import { ALL_DIRECTORIES, type Telling, type TellingWishes } from '#libs/contracts';
import type { Counter } from '../counter.js';
import type { Office } from '../office.js';
import { meant, type Whose, whose } from '../whose.js';

interface Named extends Whose {
  json?: boolean;
}

const OF_ALL = { id: ALL_DIRECTORIES, name: 'All directories' };

/** Of which directory people are told, or of what is no one's. */
const place = async (office: Office, wanted: Whose) => (await meant(office, wanted)) ?? OF_ALL;

interface Set extends Named {
  email?: string[] | true;
  quiet?: string;
  digest?: string;
  timeZone?: string;
}

/** `roster notify …`: who is told when provisioning fails, how and when. */
export function addNotifyCommands(program: Command, { withOffice, print }: Counter): void {
  const notify = program.command('notify').description('who is told when provisioning fails');
  const command = (name: string, description: string, parent: Command = notify) =>
    whose(
      parent.command(name).description(description),
      'what is no one directory’s: the end of keys and secrets that reach all',
    ).option('--json');
  const show = (json: boolean | undefined, object: object, text: string) =>
    print(json === true ? JSON.stringify(object) : text);

  command('set', 'who gets mail, and when')
    .option('--email <address...>', 'addresses; they replace those before')
    .option('--no-email', 'nobody gets mail')
    .option('--quiet <from-to>', 'no mail between, but what is critical: 22:00-07:00, or off')
    .option('--digest <time>', 'one mail a day, at 08:00, and else only what is critical; or off')
    .option('--time-zone <zone>', 'of these times, as Europe/Berlin; UTC unless set')
    .action(
      ({ directory, allDirectories, json, email, ...wishes }: Omit<Set, 'email'> & { email?: string[] | boolean }) =>
        withOffice(async (office) => {
          const found = await place(office, { directory, allDirectories });
          if (email === false || Array.isArray(email))
            await office.notifier.setAddresses(found, Array.isArray(email) ? email : []);
          const after = await office.notifier.setWishes(found, wishesFrom(wishes));
          const addresses = after.addresses.map(({ address }) => address);
          show(json, { directory: found.id, ...after, addresses }, asText(found, after));
        }),
    );

  command('show', 'who gets mail and webhooks, and how they can be reached').action(({ json, ...wanted }: Named) =>
    withOffice(async (office) => {
      const found = await place(office, wanted);
      const telling = await office.notifier.showTelling(found.id);
      show(json, { directory: found.id, ...telling }, asText(found, telling));
    }),
  );

  command('test', 'sends a test to all of them').action(({ json, ...wanted }: Named) =>
    withOffice(async (office) => {
      const found = await place(office, wanted);
      const told = await office.notifier.sendTest(found);
      show(
        json,
        { directory: found.id, told },
        `A test is on its way to ${told.join(', ')}. "notify show" tells what became of it.`,
      );
    }),
  );

  const webhook = notify.command('webhook').description('webhooks that are told the same, signed (Standard Webhooks)');
  command('add', 'a webhook; its secret is shown once', webhook)
    .requiredOption('--url <url>', 'where to, with https')
    .action(({ url, json, ...wanted }: Named & { url: string }) =>
      withOffice(async (office) => {
        const found = await place(office, wanted);
        const { id, secret } = await office.notifier.addWebhook(found, url);
        show(
          json,
          { directory: found.id, id, url, secret },
          `Webhook ${id} is told of ${found.name}.\nSecret: ${secret}\nIt is shown this once.`,
        );
      }),
    );
  command('remove', 'a webhook is told nothing any more', webhook)
    .argument('<id>')
    .action((id: string, { json, ...wanted }: Named) =>
      withOffice(async (office) => {
        const found = await place(office, wanted);
        await office.notifier.removeWebhook(found.id, id);
        show(json, { directory: found.id, id }, `Webhook ${id} is told nothing any more.`);
      }),
    );
}

function wishesFrom({ quiet, digest, timeZone }: Pick<Set, 'quiet' | 'digest' | 'timeZone'>): TellingWishes {
  const wishes: TellingWishes = { timeZone };
  if (quiet !== undefined) wishes.quiet = quiet === 'off' ? null : spanFrom(quiet);
  if (digest !== undefined) wishes.digestAt = digest === 'off' ? null : timeFrom(digest);
  return wishes;
}

function spanFrom(text: string): { from: string; to: string } {
  const [from = '', to = '', ...rest] = text.split('-');
  if (rest.length > 0) throw new Error(`"${text}" is no span of time: write 22:00-07:00, or off.`);
  return { from: timeFrom(from), to: timeFrom(to) };
}

function timeFrom(text: string): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw new Error(`"${text}" is no time of day: write 07:30, or off.`);
}

function asText(
  { id, name }: typeof OF_ALL,
  { addresses, unsubscribed, webhooks, timeZone, quiet, digestAt, health }: Telling,
): string {
  const isWell = health === null ? 'nothing has come yet' : `${health.state} since ${health.since}`;
  return [
    id === ALL_DIRECTORIES ? `${name}:` : `Directory ${name}: ${isWell}`,
    addresses.length === 0 ? 'Nobody gets mail.' : 'Mail goes to:',
    ...addresses.map(({ address, state }) => `  ${address}  ${state}`),
    ...unsubscribed.map(({ address, at }) => `  ${address} wanted no more since ${at}`),
    ...(webhooks.length === 0
      ? []
      : ['Webhooks:', ...webhooks.map(({ id, url, state }) => `  ${id}  ${url}  ${state}`)]),
    ...(quiet === null ? [] : [`Quiet from ${quiet.from} to ${quiet.to} (${timeZone}), but for what is critical.`]),
    ...(digestAt === null ? [] : [`One mail a day at ${digestAt} (${timeZone}), and else only what is critical.`]),
  ].join('\n');
}
