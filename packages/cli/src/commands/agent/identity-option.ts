import { WrongUse } from "../../wrong-use.ts";

/** Waits for work that keeps an identity. Throws `WrongUse` where the file that `--identity` names cannot hold one. */
export async function orWrongIdentityFile<T>(work: Promise<T>): Promise<T> {
  // Loaded here, so that the other commands need not wait for it.
  const { IdentityFileError } = await import("@omoios/runner/identity-file");
  try {
    return await work;
  } catch (failure) {
    throw failure instanceof IdentityFileError ? new WrongUse(failure.message) : failure;
  }
}
