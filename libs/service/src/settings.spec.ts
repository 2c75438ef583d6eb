import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readSettings, secret, setting } from './settings.js';

const schema = z.object({
  PORT: setting('a port', z.coerce.number().default(1)),
  DATABASE_URL: secret('a database', z.url()),
  USERNAME: setting('who', z.string().optional(), { needs: ['PASSWORD'] }),
  PASSWORD: secret('how', z.string().optional()),
});
const DATABASE_URL = 'postgres://a:b@c/d';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'roster-settings-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string): string {
  const path = join(folder, String(content.length));
  writeFileSync(path, content);
  return path;
}

describe('settings', () => {
  it('take a secret from a file, without the line end that editors add', () => {
    expect(readSettings(schema, { DATABASE_URL_FILE: file(`${DATABASE_URL}\n`) })).toEqual({ PORT: 1, DATABASE_URL });
  });

  it('take only secrets from files', () => {
    expect(readSettings(schema, { DATABASE_URL, PORT_FILE: file('17') }).PORT).toBe(1);
  });

  it('say which file cannot be read, is empty or too much', () => {
    const nowhere = join(folder, 'nowhere');
    expect(() => readSettings(schema, { DATABASE_URL_FILE: nowhere })).toThrow(/DATABASE_URL_FILE: .*ENOENT/);
    expect(() => readSettings(schema, { DATABASE_URL_FILE: file('\n') })).toThrow(/DATABASE_URL_FILE: .* is empty/);
    const twice = { DATABASE_URL, DATABASE_URL_FILE: file(DATABASE_URL) };
    expect(() => readSettings(schema, twice)).toThrow(/DATABASE_URL: is given twice/);
  });

  it('say what another one needs', () => {
    expect(() => readSettings(schema, { DATABASE_URL, USERNAME: 'ada' })).toThrow('PASSWORD: is missing, and USERNAME');
    expect(readSettings(schema, { DATABASE_URL, USERNAME: 'ada', PASSWORD: 'x' }).USERNAME).toBe('ada');
    expect(readSettings(schema, { DATABASE_URL, USERNAME: 'ada', PASSWORD_FILE: file('xyz') }).PASSWORD).toBe('xyz');
  });

  it('list all that is wrong at once, and quote no value', () => {
    const read = () => readSettings(schema, { PORT: 'many', USERNAME: 'hidden', DATABASE_URL: 'hidden too' });
    for (const name of ['PORT', 'PASSWORD', 'DATABASE_URL']) expect(read).toThrow(new RegExp(`\n  ${name}: `));
    expect(read).not.toThrow(/hidden/);
  });
});
