import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PASSWORD = 'only-for-tests';

/** A database for the services, made as an operator makes one: `npm run migrate`, a role and a schema for each. */
export async function provisionedDatabase(adminUrl: string) {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await run(process.execPath, ['dist/apps/roster/src/migrate.js'], {
    env: {
      DATABASE_ADMIN_URL: adminUrl,
      DATABASE_NAME: name,
      DIRECTORY_DATABASE_PASSWORD: PASSWORD,
      KEYS_DATABASE_PASSWORD: PASSWORD,
      NOTIFIER_DATABASE_PASSWORD: PASSWORD,
    },
  });
  const urlOf = (role: string) => {
    const url = new URL(adminUrl);
    Object.assign(url, { username: role, password: PASSWORD, pathname: `/${name}` });
    return url.href;
  };
  return { directory: urlOf('directory'), keys: urlOf('keys'), notifier: urlOf('notifier') };
}
