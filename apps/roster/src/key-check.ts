import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { readToken } from '#libs/contracts';
import type { Counter, Json } from './counter.js';

const KINDS = { rk: 'key', rs: 'client secret' };

/** `roster key check`: asks nobody, so it says only whether a token could be one, and whose. */
export function addKeyCheck(key: Command, { show }: Counter): void {
  key
    .command('check')
    .description('is this a token of Roster’s, and which? Asks nobody')
    .argument('<token>', 'or - to read it from standard input, where no list of processes shows it')
    .option('--json')
    .action(async (given: string, { json }: Json) => {
      const token = (given === '-' ? await text(process.stdin) : given).trim();
      const read = readToken(token);
      const found =
        read === undefined ? { wellFormed: false } : { wellFormed: true, kind: KINDS[read.kind], id: read.id };
      const said =
        read === undefined
          ? 'This is not a token of Roster’s: mistyped, cut off, or of another system.'
          : `This is a ${KINDS[read.kind]}, well formed; its public id is ${read.id}.`;
      show(json, found, said);
      if (read === undefined) process.exitCode = 1;
    });
}
