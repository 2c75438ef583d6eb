import { sentence } from '#libs/service';
import { readHostSettings } from './host.config.js';
import { startHost } from './host.js';
import { watchParent } from './processes.js';

const SHUTDOWN_MS_MAX = 20_000;

const say = (line: string) => process.stdout.write(`${line}\n`);

try {
  const settings = readHostSettings(process.env);
  const host = await startHost(settings, say);
  let isEnding = false;
  const end = (why: string, status: number) => {
    if (isEnding) return;
    isEnding = true;
    say(`${why}: ending …`);
    setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
    host.close().then(
      () => {
        say('Roster has ended');
        process.exit(status);
      },
      (error: unknown) => {
        process.stderr.write(`${sentence(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => end('Asked to stop', 0));
  process.on('SIGTERM', () => end('Asked to stop', 0));
  watchParent(() => end('The process that started Roster is gone', 0));
  void host.died.then((why) => end(why, 1));
} catch (error) {
  process.stderr.write(`Roster cannot start. ${sentence(error)}\n`);
  process.exit(1);
}
