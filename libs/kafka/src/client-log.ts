import { logLevel, type logCreator } from 'kafkajs';

/** Where this room says what an operator should know: one sentence, and what belongs to it. */
export type KafkaLog = (level: 'warn' | 'error', sentence: string, details: Record<string, unknown>) => void;

const REPEAT_MS_MIN = 10_000;
const KEPT_MAX = 200;
const TOLD = ['broker', 'groupId', 'topic', 'error', 'retryCount'];

/**
 * kafkajs's log as sentences without stacks. A broker that is away makes it say the same thing many times a second, and a
 * client that is being closed complains of its own end: the first is told every ten seconds, the second not at all.
 */
export function clientLog(log: KafkaLog, isQuiet: () => boolean): logCreator {
  const toldAt = new Map<string, number>();
  return () =>
    ({ level, namespace, log: { message, ...entry } }) => {
      if (isQuiet()) return;
      const now = Date.now();
      if (now - (toldAt.get(message) ?? -Infinity) < REPEAT_MS_MIN) return;
      if (toldAt.size >= KEPT_MAX) toldAt.clear();
      toldAt.set(message, now);
      const details = Object.fromEntries(Object.entries(entry).filter(([name]) => TOLD.includes(name)));
      // kafkajs calls errors what it mends by trying again; what it cannot mend reaches us as an error that is thrown.
      log(level === logLevel.ERROR && namespace === 'Consumer' ? 'error' : 'warn', `kafkajs: ${message}`, details);
    };
}
