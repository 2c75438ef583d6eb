import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { asHtml } from '../src/mail/html.js';
import { letterOf } from '../src/mail/parts.js';
import { MAILS, STOP } from './mails.contract.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PHONE = { width: 390, height: 844 };
const LETTERS_PX_MIN = 13;

interface Looks {
  width: number;
  smallest: number;
  loaded: number;
  tall: number;
}

/** Runs in the page, as a text: nothing else here knows of a document. */
const LOOKS = `(() => {
  const all = [...document.querySelectorAll('body *')].filter((one) => one.textContent.trim() !== '');
  return {
    width: document.documentElement.scrollWidth,
    smallest: Math.min(...all.map((one) => Number.parseFloat(getComputedStyle(one).fontSize))),
    loaded: document.querySelectorAll('script, img, link, iframe').length,
    tall: document.documentElement.scrollHeight,
  };
})()`;

let browser: BrowserContext | undefined;
let folder: string;
const asked: string[] = [];

beforeAll(async () => {
  const executablePath = [process.env.CHROMIUM, ...PLACES].find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined) {
    throw new Error(
      'Pictures of the mails need Chromium: install Debian’s package "chromium", or name one in CHROMIUM.',
    );
  }
  folder = await mkdtemp(join(tmpdir(), 'roster-mails-'));
  browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath,
    headless: true,
    args: QUIET,
    viewport: PHONE,
  });
  browser.on('request', (request) => asked.push(request.url()));
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a mail on a telephone', () => {
  it.each(Object.entries(MAILS))(
    '%s is read without zooming, scrolling aside or loading anything',
    async (name, notice) => {
      const page = await browser?.newPage();
      if (page === undefined) throw new Error('there is no browser');
      await page.setContent(asHtml(letterOf(notice, STOP)));
      const looks = await page.evaluate<Looks>(LOOKS);
      const pictures = process.env.MAIL_PICTURES ?? folder;
      await mkdir(pictures, { recursive: true });
      const picture = await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
      await page.close();
      expect(looks.width).toBe(PHONE.width);
      expect(looks.smallest).toBeGreaterThanOrEqual(LETTERS_PX_MIN);
      expect(looks.loaded).toBe(0);
      expect(looks.tall).toBeGreaterThan(200);
      expect(picture.readUInt32BE(16)).toBe(PHONE.width);
      expect(asked.filter((url) => !/^(about|data):/.test(url))).toEqual([]);
    },
  );
});
