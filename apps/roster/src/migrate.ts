import { provision } from '#libs/postgres';
import { readSettings, sentence } from '#libs/service';
import { z } from 'zod';
import { KEEPERS } from './places.js';

const password = z.string({ error: 'the password that this service’s role gets' }).min(8);
const settings = z.object({
  DATABASE_ADMIN_URL: z.string({ error: 'the PostgreSQL URL of a role that may create roles and databases' }),
  DATABASE_NAME: z.string().default('roster'),
  DIRECTORY_DATABASE_PASSWORD: password,
  KEYS_DATABASE_PASSWORD: password,
  NOTIFIER_DATABASE_PASSWORD: password,
});

// Makes the database, and a role and a schema for each service; the services then keep their own schemas up to date.
try {
  const env = readSettings(settings, process.env);
  const passwords = {
    directory: env.DIRECTORY_DATABASE_PASSWORD,
    keys: env.KEYS_DATABASE_PASSWORD,
    notifier: env.NOTIFIER_DATABASE_PASSWORD,
  };
  const places = KEEPERS.map((name) => ({ name, password: passwords[name] }));
  await provision(env.DATABASE_ADMIN_URL, env.DATABASE_NAME, places);
  process.stdout.write(`Database ${env.DATABASE_NAME} has a role and a schema for each of: ${KEEPERS.join(', ')}\n`);
} catch (error) {
  process.stderr.write(`The database cannot be set up. ${sentence(error)}\n`);
  process.exit(1);
}
