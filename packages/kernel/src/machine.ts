/** A state machine as data: for each state, the states that it may leave to. */
export type Transitions<S extends string> = { readonly [from in S]: readonly S[] };

export interface Machine<S extends string> {
  readonly transitions: Transitions<S>;
  can(from: S, to: S): boolean;
  isTerminal(state: S): boolean;
}

/** Makes a machine of its table. A state without a way out is terminal. */
export function machine<S extends string>(transitions: Transitions<S>): Machine<S> {
  return {
    transitions,
    can: (from, to) => transitions[from].includes(to),
    isTerminal: (state) => transitions[state].length === 0,
  };
}
