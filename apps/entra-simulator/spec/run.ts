import { CHAOS } from '../src/mapping/style.js';
import { play, type Settings } from '../src/play.js';
import { noRecording } from '../src/protocol/recording.js';
import { tenantUrl } from '../src/protocol/tenant-url.js';
import { noProgress } from '../src/report/progress.js';
import { TOKEN } from './small-server.js';

const usual: Omit<Settings, 'tenant'> = {
  token: TOKEN,
  sizes: { users: 40, groups: 4, members: 12 },
  cycles: 3,
  seed: 7,
  concurrency: 8,
  isRestart: false,
  dialect: 'legacy',
  matchBy: ['userName', 'externalId'],
  booleans: 'dialect',
  manager: 'any',
  removal: 'dialect',
  roles: 'none',
  isOdd: false,
  isOutOfScopeSkipped: false,
  onDemand: 0,
  customs: [],
  whenBusy: 'wait',
  escrow: 'next',
};

/** What `--chaos` sets. */
export const chaos: Partial<Settings> = { ...CHAOS, onDemand: 3 };

/** Plays against a server, without waiting for anything but its answers. */
export function run({ url }: { url: string }, settings: Partial<Settings> = {}, recording = noRecording) {
  return play(
    { ...usual, tenant: tenantUrl(url), ...settings },
    {
      now: () => performance.now(),
      wait: () => Promise.resolve(),
      freshGuid: () => crypto.randomUUID(),
      progress: noProgress,
      recording,
    },
  );
}
