export interface SilenceWatch {
  heard(): void;
  stop(): void;
}

/** Calls `onSilent` once when nothing was heard for so many seconds. Without a limit it watches nothing. */
export function silenceWatch(seconds: number | undefined, onSilent: (text: string) => void): SilenceWatch {
  if (seconds === undefined) return { heard: () => undefined, stop: () => undefined };
  const timer = setTimeout(() => onSilent(`silent for ${seconds} s`), seconds * 1000);
  return { heard: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}
