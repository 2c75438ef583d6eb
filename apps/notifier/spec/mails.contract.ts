import { ALL_DIRECTORIES } from '#libs/contracts';
import type { IncidentClass } from '../src/incident/causes/catalogue.js';
import type { AlertFacts, Example } from '../src/incident/incident.js';
import type { Notice, NoticeKind, TellableIncident } from '../src/telling/notice.js';

export const DIRECTORY = { id: '0197a000-0000-7000-8000-000000000001', name: 'Acme' };
const began = '2026-03-01T10:00:00.000Z';
const at = '2026-03-01T10:00:31.000Z';

const example = (place: number, target: string, detail: string, scimType = 'uniqueness', status = 409): Example => ({
  id: `0197a000-0000-7000-8000-00000000000${place}`,
  at: began,
  method: 'POST',
  path: '/v2/Users',
  target,
  status,
  scimType,
  detail,
});

const taken: TellableIncident = {
  id: '0197a000-0000-8000-8000-0000000000a1',
  class: 'duplicate',
  status: 'open',
  attribute: 'userName',
  rule: null,
  failures: 1_234,
  newFailures: 1_234,
  failing: 617,
  beganAt: began,
  firstAt: began,
  lastAt: at,
  resolvedAt: null,
  because: null,
  nextTryAt: '2026-03-01T16:00:00.000Z',
  examples: ['ada@acme.example', 'grace@acme.example', 'alan@acme.example'].map((name, place) =>
    example(place + 1, name, `Another user of this directory has the userName ${name}.`),
  ),
  facts: null,
};

const wrong: TellableIncident = {
  ...taken,
  id: '0197a000-0000-8000-8000-0000000000a2',
  class: 'invalid-value',
  attribute: 'urn:ietf:params:scim:schemas:extension:roster:2.0:User:costNumber',
  failures: 12,
  newFailures: 12,
  failing: 12,
  examples: [
    example(
      4,
      'kim@acme.example',
      'urn:ietf:params:scim:schemas:extension:roster:2.0:User:costNumber must be a whole number.',
      'invalidValue',
      400,
    ),
  ],
};

const over: TellableIncident = {
  ...taken,
  status: 'resolved',
  resolvedAt: '2026-03-01T11:20:00.000Z',
  because: 'success',
  failing: 0,
  newFailures: 0,
  nextTryAt: null,
};

const alert = (kind: IncidentClass, facts: AlertFacts, some: Partial<TellableIncident> = {}): TellableIncident => ({
  ...taken,
  id: '0197a000-0000-8000-8000-0000000000a3',
  class: kind,
  attribute: null,
  failures: 1,
  newFailures: 1,
  failing: 0,
  nextTryAt: null,
  examples: [],
  facts,
  ...some,
});

const expiry = (daysLeft: number): AlertFacts => ({
  credential: 'key',
  keyId: 'k3y0000001',
  keyName: 'Entra',
  expiresAt: '2026-03-31T10:00:00.000Z',
  daysLeft,
  successor: null,
  lastUsedAt: '2026-03-01T09:59:00.000Z',
});

const notice = (kind: NoticeKind, incidents: TellableIncident[], subject: string, step = 1): Notice => ({
  kind,
  directory: DIRECTORY,
  thread: incidents[0]?.id ?? DIRECTORY.id,
  step,
  subject,
  at,
  incidents,
});

const TAKEN = 'Provisioning to Acme fails: The name is taken (userName)';

/** A mail of every kind, by the name of its golden file. */
export const MAILS: Record<string, Notice> = {
  opened: notice('opened', [taken], TAKEN),
  'opened-together': notice('opened', [taken, wrong], 'Provisioning to Acme fails in 2 ways'),
  update: notice(
    'update',
    [
      { ...taken, failures: 2_000, newFailures: 766 },
      { ...over, class: 'unavailable', attribute: null, failures: 3 },
    ],
    TAKEN,
    2,
  ),
  reminder: notice('reminder', [{ ...taken, newFailures: 0 }], TAKEN, 3),
  reopened: notice('reopened', [{ ...taken, newFailures: 4 }], TAKEN, 5),
  resolved: notice('resolved', [over], TAKEN, 4),
  'key-refused': notice(
    'opened',
    [
      {
        ...taken,
        class: 'key-expired',
        attribute: null,
        failing: 1,
        failures: 3,
        newFailures: 3,
        nextTryAt: '2026-03-02T10:00:00.000Z',
        examples: [
          { ...example(5, '', 'This key has expired.'), target: null, method: 'GET', status: 401, scimType: null },
        ],
      },
    ],
    'Provisioning to Acme fails: The key has expired',
  ),
  'token-refused': notice(
    'opened',
    [
      {
        ...taken,
        class: 'assertion-outdated',
        attribute: null,
        failing: 1,
        failures: 12,
        newFailures: 12,
        nextTryAt: '2026-03-02T10:00:00.000Z',
        examples: [
          {
            ...example(6, '', 'The assertion has expired.'),
            target: null,
            path: '/oauth2/token',
            status: 401,
            scimType: 'invalid_client',
          },
        ],
      },
    ],
    'Provisioning to Acme fails: Entra cannot get a token: the assertion is out of date',
  ),
  'quarantine-risk': notice(
    'opened',
    [
      alert('quarantine-risk', {
        usedPercent: 82,
        rule: 'share',
        failing: 4_120,
        references: 0,
        sharePercent: 40,
        lineSharePercent: 40,
        lineFailures: 5_000,
      }),
    ],
    'Acme: Entra is about to stop provisioning',
  ),
  'quarantine-over': notice(
    'resolved',
    [
      alert(
        'quarantine-risk',
        { usedPercent: 82, failing: 4_120, sharePercent: 40 },
        { status: 'resolved', resolvedAt: over.resolvedAt, because: 'success' },
      ),
    ],
    'Acme: Entra is about to stop provisioning',
    2,
  ),
  'mass-deprovision': notice(
    'opened',
    [alert('mass-deprovision', { gone: 612, active: 4_388 })],
    'Acme: Unusually many users were disabled or deleted',
  ),
  silent: notice(
    'opened',
    [alert('silent', { lastHeardAt: '2026-03-01T07:00:00.000Z' })],
    'Acme: Nothing comes from Entra any more',
  ),
  'silent-over': notice(
    'resolved',
    [
      alert(
        'silent',
        { lastHeardAt: '2026-03-01T07:00:00.000Z' },
        { status: 'resolved', resolvedAt: over.resolvedAt, because: 'success' },
      ),
    ],
    'Acme: Nothing comes from Entra any more',
    2,
  ),
  'key-expiring': notice('opened', [alert('key-expiring', expiry(30))], 'Acme: A key will end soon'),
  'key-expiring-all': {
    ...notice(
      'opened',
      [alert('key-expiring', { ...expiry(7), credential: 'client-secret', client: 'rc_client0001' })],
      'All directories: A key will end soon',
    ),
    directory: { id: ALL_DIRECTORIES, name: 'All directories' },
  },
  'key-ended': notice('opened', [alert('key-ended', expiry(0))], 'Acme: A key has ended'),
  digest: {
    ...notice('digest', [taken, over], 'Provisioning to Acme: the day'),
    day: { operations: 48_210, failures: 1_234, health: 'degraded' },
  },
  test: notice('test', [], 'Roster: a test for Acme'),
};

export const STOP = 'https://roster.example.com/notify/stop/eyJkIjoiMDE5N2EwMDAifQ.c2lnbmF0dXJl';
