import type { Recorded } from '#libs/contracts';

const KEPT_MAX = 2_000;
// Events with long lists of members are read back: few of them would fill the memory.
const MEMBERS_MAX = 100;

/** The newest committed events of one partition, without a gap among them. What is not here is in the table. */
export class RecentEvents {
  private events: Recorded[] = [];

  /** Takes note of an event that has been committed, after those before it. */
  add(event: Recorded): void {
    const last = this.events.at(-1);
    const follows = last === undefined || last.position + 1 === event.position;
    if (!follows || this.events.length >= KEPT_MAX || isLong(event)) this.events = [];
    if (!isLong(event)) this.events.push(event);
  }

  /** The events that follow on this position, `max` at most; undefined when the table has to be asked. Forgets what is before. */
  after(position: number, max: number): Recorded[] | undefined {
    const [first] = this.events;
    if (first === undefined || first.position > position + 1) return undefined;
    this.events = this.events.slice(position + 1 - first.position);
    return this.events.length === 0 ? undefined : this.events.slice(0, max);
  }
}

function isLong({ event: { data } }: Recorded): boolean {
  return 'members' in data && data.members.length > MEMBERS_MAX;
}
