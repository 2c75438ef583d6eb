import { type Decider, fold } from './decider.js';
import { type EventStore, VersionConflict } from './event-store.js';

const ATTEMPTS_MAX = 4;

/** Load, decide, append. On a lost race the command is decided again on the newer state, a bounded number of times. */
export async function execute<State, Command, Event>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  stream: string,
  command: Command,
): Promise<{ state: State; version: number; news: Event[] }> {
  for (let attempt = 1; ; attempt++) {
    const { events, version } = await store.read<Event>(stream);
    const state = fold(decider, events);
    const news = decider.decide(command, state);
    if (news.length === 0) return { state, version, news };
    try {
      const next = await store.append(stream, version, news);
      return { state: news.reduce((before, event) => decider.evolve(before, event), state), version: next, news };
    } catch (error) {
      if (!(error instanceof VersionConflict) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
