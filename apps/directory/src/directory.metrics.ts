import { counter, gauge, histogram } from '#libs/service';

export const PARTITIONS_MAX = 1_024;

export const batchCommands = histogram(
  'roster_directory_batch_commands',
  'How many commands were decided and committed at once.',
  [1, 2, 5, 10, 20, 50, 100, 200, 500],
  {},
);

export const batchDuration = histogram(
  'roster_directory_batch_duration_seconds',
  'How long a batch took to be loaded and decided, and to be committed.',
  [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  { step: ['decide', 'commit'] },
);

export const commandsAnswered = counter('roster_directory_commands_total', 'Commands by what became of them.', {
  outcome: ['done', 'refused', 'hindered'],
});

export const batchesPutOff = counter(
  'roster_directory_batches_put_off_total',
  'Batches that could not be committed and were taken up again: another process has the partition, or PostgreSQL was away.',
  {},
);

export const partitionsOwned = gauge('roster_directory_partitions_owned', 'Partitions that this process owns.', {});

export const partitionsSetUp = gauge(
  'roster_directory_partitions_set_up',
  'Partitions that the system has; each needs an owner.',
  {},
);

export const publishDelay = histogram(
  'roster_directory_publish_delay_seconds',
  'How long the oldest event of a publication had been committed before it was on directory.events.',
  [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 15, 60],
  {},
);

export const unpublished = gauge(
  'roster_directory_unpublished_events',
  'Events that are committed and not yet on directory.events.',
  { partition: PARTITIONS_MAX },
);
