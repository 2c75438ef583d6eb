import { counter, gauge } from '#libs/service';

export const outboxMails = gauge(
  'roster_notifier_outbox_mails',
  'What waits to be told, by mail or webhook: due now, or later for another try.',
  {
    state: ['due', 'later'],
  },
);

export const outboxAge = gauge(
  'roster_notifier_outbox_oldest_due_seconds',
  'For how long what has waited longest in the outbox has been due.',
  {},
);

export const mailsTried = counter(
  'roster_notifier_mails_total',
  'Attempts to tell an address or a webhook, by what became of them.',
  {
    channel: ['mail', 'webhook'],
    outcome: ['sent', 'failed', 'given up'],
  },
);
