import { Command, CommanderError } from 'commander';
import { sentence } from '#libs/service';
import { addClientCommands } from './client-commands.js';
import type { Json } from './counter.js';
import { addKeyCheck } from './key-check.js';
import { addKeyCommands } from './key-commands.js';
import { Office } from './office.js';
import { publicUrl, readCommandLineSettings } from './host.config.js';
import { addIncidentCommands } from './notifier/incident-commands.js';
import { addLogCommands } from './notifier/log-commands.js';
import { addNotifyCommands } from './notifier/notify-commands.js';
import { reachServices } from './reach.js';
import { addRebuildCommand } from './rebuild-command.js';
import { addSchemaCommands } from './schema-commands.js';
import { table } from './table.js';
import { tail } from './tail.js';

const print = (text: string) => process.stdout.write(`${text}\n`);

/** Reaches the services, does the work, and lets go of them. */
async function withOffice(work: (office: Office) => Promise<void>): Promise<void> {
  const services = await reachServices(readCommandLineSettings(process.env));
  try {
    await work(new Office(services));
  } finally {
    await services.close();
  }
}

const show = (json: boolean | undefined, object: object, text: string) =>
  print(json === true ? JSON.stringify(object) : text);

const program = new Command('roster').description('Directories, keys and events of a running Roster').exitOverride();

const directory = program.command('directory').description('directories');
directory
  .command('create')
  .requiredOption('--name <name>', 'what people call it')
  .option('--json')
  .action(({ name, json }: { name: string } & Json) =>
    withOffice(async (office) => {
      const created = await office.createDirectory(name);
      show(json, created, `Directory ${created.name} is made: ${created.id}`);
    }),
  );
directory
  .command('list')
  .option('--json')
  .action(({ json }: Json) =>
    withOffice(async (office) => {
      const all = await office.directories();
      if (json === true) for (const one of all) print(JSON.stringify(one));
      else
        print(
          table(
            ['ID', 'NAME', 'CHANGES', 'CREATED'],
            all.map((one) => [one.id, one.name, String(one.sequence), one.createdAt]),
          ),
        );
    }),
  );

const counter = { withOffice, print, show, tenantUrl: () => `${publicUrl(readCommandLineSettings(process.env))}/v2` };
addKeyCheck(addKeyCommands(program, counter), counter);
addClientCommands(program, counter);
addSchemaCommands(program, counter);
addLogCommands(program, counter);
addRebuildCommand(program, counter);
addIncidentCommands(program, counter);
addNotifyCommands(program, counter);

program
  .command('events')
  .description('the changes of a directory')
  .command('tail')
  .requiredOption('--directory <directory>', 'id or name')
  .option('--from <sequence>', 'first sequence to show', '1')
  .option('--follow', 'go on as changes come')
  .option('--json')
  .action(({ directory: wanted, from, follow, json }: { directory: string; from: string; follow?: boolean } & Json) =>
    withOffice(async (office) => {
      const { id } = await office.directory(wanted);
      await tail(office, { directory: id, from: Number(from), follow: follow === true, json: json === true }, print);
    }),
  );

// A reader that has seen enough (`| head`) closes the pipe: that is no failure.
process.stdout.on('error', () => process.exit(0));

try {
  await program.parseAsync();
  // What is still on its way to a slow reader would be cut off.
  await new Promise((resolve) => process.stdout.write('', resolve));
  process.exit();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  process.stderr.write(`${sentence(error)}\n`);
  process.exit(1);
}
