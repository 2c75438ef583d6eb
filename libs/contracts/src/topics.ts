/**
 * Every topic of the system, with how its messages are kept and spread.
 * `partitions: 'system'` means: the number fixed when the system was first set up.
 */
export interface Topic {
  name: string;
  partitions: 'system' | number;
  retentionMs?: number;
  compacted?: boolean;
  messageBytesMax?: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const MIB = 1024 * 1024;

export const topics = {
  directoryCommands: {
    name: 'directory.commands',
    partitions: 'system',
    retentionMs: 7 * DAY,
    messageBytesMax: 8 * MIB, // one command is one record, so that its offset can be the fence
  },
  directoryQueries: { name: 'directory.queries', partitions: 'system', retentionMs: 10 * MINUTE },
  directoryEvents: {
    name: 'directory.events',
    partitions: 'system',
    retentionMs: 30 * DAY,
    messageBytesMax: 8 * MIB,
  },
  directoryState: { name: 'directory.state', partitions: 1, compacted: true, messageBytesMax: 8 * MIB },
  keysCommands: { name: 'keys.commands', partitions: 1, retentionMs: 7 * DAY },
  keysState: { name: 'keys.state', partitions: 1, compacted: true },
  keysNotices: { name: 'keys.notices', partitions: 'system', retentionMs: 30 * DAY },
  provisioningActivity: { name: 'provisioning.activity', partitions: 'system', retentionMs: 7 * DAY },
  notifierCommands: { name: 'notifier.commands', partitions: 1, retentionMs: 7 * DAY },
} as const satisfies Record<string, Topic>;

/** The topic on which one instance of a gateway, console or command line hears its answers. */
export const replyTopic = (instance: string): Topic => ({
  name: `${REPLY_TOPIC_PREFIX}${instance}`,
  partitions: 1,
  retentionMs: 5 * MINUTE,
});

export const REPLY_TOPIC_PREFIX = 'replies.';

/** Longest body that travels in one reply message, in bytes; longer ones go in chunks. */
export const CHUNK_BYTES_MAX = 512 * 1024;
