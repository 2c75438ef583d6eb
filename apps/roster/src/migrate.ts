import { randomUUID } from 'node:crypto';
import { topics } from '#libs/contracts';
import { connectKafka } from '#libs/kafka';
import { provision } from '#libs/postgres';
import { sentence } from '#libs/service';
import { DirectoryModule } from '../../directory/src/directory.module.js';
import { KeysModule } from '../../keys/src/keys.module.js';
import { NotifierModule } from '../../notifier/src/notifier.module.js';
import { type MigrateSettings, readMigrateSettings } from './migrate.config.js';
import { type Keeper, KEEPERS } from './places.js';

const MODULES = { directory: DirectoryModule, keys: KeysModule, notifier: NotifierModule };

const say = (line: string) => process.stdout.write(`${line}\n`);

/** Makes the database, and a role and a schema for each service, and brings the tables in them up to date. Gives the roles' URLs. */
async function prepareDatabase({ adminUrl, database, passwords }: MigrateSettings): Promise<Map<Keeper, string>> {
  const places = KEEPERS.map((name) => ({ name, password: passwords[name] }));
  const urls = await provision(adminUrl, database, places);
  say(`Database ${database} has a role and a schema for each of: ${KEEPERS.join(', ')}`);
  for (const [name, url] of urls) await MODULES[name].migrate(url);
  say('Their tables are up to date');
  return urls;
}

/** Makes the topics. When that of commands ends before what was read of it, this is a restore beside an empty Kafka. */
async function prepareTopics({ kafka, partitions }: MigrateSettings, urls: Map<Keeper, string>): Promise<void> {
  if (kafka === undefined) return;
  const clientId = `roster-migrate-${randomUUID()}`;
  const bus = await connectKafka({ ...kafka, clientId, partitions, topics: Object.values(topics) });
  try {
    say('The topics are there');
    const { name } = topics.directoryCommands;
    const forgotten = await DirectoryModule.beginNewLog(urls.get('directory') ?? '', await bus.endsOf(name));
    if (forgotten > 0) say(`Kafka is a new one: ${forgotten} partitions of ${name} are read from their start`);
  } finally {
    await bus.close();
  }
}

try {
  const settings = readMigrateSettings(process.env);
  const urls = await prepareDatabase(settings);
  await prepareTopics(settings, urls);
} catch (error) {
  process.stderr.write(`The system cannot be set up. ${sentence(error)}\n`);
  process.exit(1);
}
