/** Makes a value when it is first asked for; from then on it is the same one. A `make` that throws is asked again. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
