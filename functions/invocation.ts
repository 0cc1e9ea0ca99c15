import { endInvocation } from "@omoios/app/observe/traces";

/** What a function does for one call. However it ends, its traces are sent first: Lambda may freeze the process behind the answer. */
export async function invocation<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await endInvocation();
  }
}
