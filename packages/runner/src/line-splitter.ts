import { cutText } from "@omoios/kernel/cut-text";

/** A longer line is handed on in pieces, so that output without line ends cannot fill the memory. */
const LONGEST_LINE = 4_000;

/** Cuts a stream of text into lines. `\r` ends a line too, as progress bars use it. */
export function lineSplitter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = "";
  const hand = (line: string) => {
    let left = line;
    do {
      const piece = cutText(left, LONGEST_LINE);
      onLine(piece);
      left = left.slice(piece.length);
    } while (left !== "");
  };
  return {
    push(text) {
      const lines = (rest + text).split(/\r?\n|\r/);
      rest = lines.pop() ?? "";
      for (const line of lines) hand(line);
      if (rest.length >= LONGEST_LINE) {
        hand(rest);
        rest = "";
      }
    },
    end() {
      if (rest !== "") hand(rest);
      rest = "";
    },
  };
}
