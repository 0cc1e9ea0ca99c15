export interface Waiting {
  /** Resolves after that time, or earlier when woken or stopped. */
  sleep(ms: number): Promise<void>;
  wake(): void;
}

/** One sleeper that others may wake. */
export function startWaiting(stopping: AbortSignal): Waiting {
  let wakeUp: (() => void) | undefined;
  stopping.addEventListener("abort", () => wakeUp?.());
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        if (stopping.aborted) return resolve();
        const timer = setTimeout(() => wakeUp?.(), ms);
        wakeUp = () => {
          clearTimeout(timer);
          wakeUp = undefined;
          resolve();
        };
      }),
    wake: () => wakeUp?.(),
  };
}
