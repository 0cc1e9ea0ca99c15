/** What of an input has its shape: a member, or an element of a list, that has not is `undefined`. A map of free names is there whole or not at all. */
export type Readable<T> = unknown extends T
  ? unknown
  : T extends string | number | boolean | null | undefined
    ? T | undefined
    : T extends readonly (infer E)[]
      ? readonly Readable<E>[]
      : string extends keyof T
        ? T | undefined
        : { readonly [K in keyof T]?: Readable<T[K]> | undefined };
