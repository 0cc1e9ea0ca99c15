/** A string that only its own factory or parser may produce, so that a task's id is never passed where an agent's is meant. */
export type Brand<Name extends string> = string & { readonly __brand: Name };
