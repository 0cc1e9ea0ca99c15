const LINE = /^omoi:quiet\s+(\d+(?:\.\d+)?)(?:\s.*)?$/;
/** Further ahead an agent may promise nothing. */
const LONGEST_SECONDS = 600;

/** Reads `omoi:quiet SECONDS`: for so long the command will say nothing, ten minutes at most. Gives `undefined` for any other line. */
export function parseQuietLine(line: string): number | undefined {
  const [, seconds] = LINE.exec(line) ?? [];
  return seconds === undefined ? undefined : Math.min(LONGEST_SECONDS, Number(seconds));
}
