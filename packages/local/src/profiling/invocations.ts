import type { Stretch } from "./only-within.ts";

/** Notes when functions are at work, while somebody wants to know. */
export interface Invocations {
  /** Called when an invocation begins; gives what is called at its end. */
  began(name: string): () => void;
  /** Notes the invocations of a function from now on; gives what ends that and answers them, those under way up to now. */
  note(name: string): () => Stretch[];
}

export function invocations(now: () => number): Invocations {
  const noting = new Map<string, Set<Stretch>>();
  return {
    began(name) {
      const stretch = { from: now(), until: Number.POSITIVE_INFINITY };
      noting.get(name)?.add(stretch);
      return () => {
        stretch.until = now();
      };
    },
    note(name) {
      const stretches = new Set<Stretch>();
      noting.set(name, stretches);
      return () => {
        noting.delete(name);
        return [...stretches].map(({ from, until }) => ({ from, until: Math.min(until, now()) }));
      };
    },
  };
}
