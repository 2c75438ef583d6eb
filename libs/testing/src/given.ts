import { type Decider, fold, type Refusal } from '#libs/event-sourcing';

/** Reads as a sentence: given these events, when this is asked, then this happens. */
export function given<S, C, E>(decider: Decider<S, C, E>, ...history: NoInfer<E>[]) {
  const decide = (command: C) => decider.decide(command, fold(decider, history));
  return {
    when: (command: C) => ({
      then: (...expected: E[]) => expect(decide(command)).toEqual(expected),
      nothingHappens: () => expect(decide(command)).toEqual([]),
      refuses: (code: Refusal['code']) => {
        let thrown: unknown;
        try {
          decide(command);
        } catch (error) {
          thrown = error;
        }
        expect(thrown).toMatchObject({ name: 'Refusal', code });
      },
    }),
  };
}
