import { topics } from '#libs/contracts';
import { gauge } from '#libs/service';

const PARTITIONS_MAX = 1_024;

const lags = new Set<Lag>();

const lag = gauge(
  'roster_kafka_lag_messages',
  'Messages of a topic that this process has to work on and has not, by partition.',
  { topic: Object.values(topics).map(({ name }) => name), partition: PARTITIONS_MAX },
);

lag.read(() => [...lags].flatMap((one) => one.readings()));

/** How far a reader is behind in each partition that it has. */
export class Lag {
  private readonly ends = new Map<number, bigint>();
  private readonly next = new Map<number, bigint>();

  constructor(private readonly topic: string) {
    lags.add(this);
  }

  /** These are what it reads now, from these offsets on. */
  begin(next: ReadonlyMap<number, bigint>): void {
    this.ends.clear();
    this.next.clear();
    for (const [partition, offset] of next) this.next.set(partition, offset);
  }

  /** The partition ended here when it was last asked. */
  reaches(partition: number, end: bigint): void {
    this.ends.set(partition, end);
  }

  /** All before this offset has been worked on. */
  done(partition: number, next: bigint): void {
    this.next.set(partition, next);
  }

  end(): void {
    lags.delete(this);
  }

  readings() {
    return [...this.next].map(([partition, next]) => {
      const end = this.ends.get(partition) ?? next;
      return [{ topic: this.topic, partition }, end > next ? Number(end - next) : 0] as const;
    });
  }
}
