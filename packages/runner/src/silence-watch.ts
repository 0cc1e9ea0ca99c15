export interface SilenceWatch {
  heard(): void;
  /** For so long silence is what was announced. */
  quiet(seconds: number): void;
  stop(): void;
}

/** Calls `onSilent` once when nothing was heard for so many seconds, announced silence not counted. Without a limit it watches nothing. */
export function silenceWatch(seconds: number | undefined, onSilent: (text: string) => void): SilenceWatch {
  const nothing = () => undefined;
  if (seconds === undefined) return { heard: nothing, quiet: nothing, stop: nothing };
  let timer: NodeJS.Timeout | undefined;
  const watch = (after: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => onSilent(`silent for ${after} s`), after * 1000);
  };
  watch(seconds);
  return { heard: () => watch(seconds), quiet: (more) => watch(more + seconds), stop: () => clearTimeout(timer) };
}
