/** Everything an event-sourced thing does, as two pure functions and a start. */
export interface Decider<State, Command, Event> {
  initial: State;
  /** Says what happens; throws a Refusal when it must not. An empty list means: nothing to do. */
  decide(command: Command, state: State): Event[];
  /** Applies what happened. Never refuses: the event is already a fact. */
  evolve(state: State, event: Event): State;
}

/** The state after these events, oldest first. */
export function fold<State, Command, Event>(decider: Decider<State, Command, Event>, events: readonly Event[]): State {
  return events.reduce((state, event) => decider.evolve(state, event), decider.initial);
}
