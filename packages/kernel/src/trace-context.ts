import type { Random } from "./random.ts";

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** What a valid `traceparent` says. */
export interface TraceParent {
  trace_id: string;
  /** The span that whatever reads this belongs under. */
  span_id: string;
  sampled: boolean;
}

/** Reads a `traceparent`; nothing where it is not valid. See W3C Trace Context. */
export function readTraceparent(header: string | undefined): TraceParent | undefined {
  const [, version, trace_id = "", span_id = "", flags = "0", rest] = TRACEPARENT.exec(header ?? "") ?? [];
  const valid =
    version !== undefined &&
    version !== "ff" &&
    (version !== "00" || rest === undefined) &&
    !isZero(trace_id) &&
    !isZero(span_id);
  return valid ? { trace_id, span_id, sampled: (Number.parseInt(flags, 16) & 1) === 1 } : undefined;
}

export const writeTraceparent = ({ trace_id, span_id, sampled }: TraceParent): string =>
  `00-${trace_id}-${span_id}-${sampled ? "01" : "00"}`;

/**
 * The `traceparent` under which the plane works where it records no spans: a valid one is continued (same trace, new span, same
 * sampling), anything else starts a new trace that nobody samples.
 */
export function continueTrace(header: string | undefined, random: Random): string {
  const parent = readTraceparent(header);
  return writeTraceparent({
    trace_id: parent?.trace_id ?? hex(32, random),
    span_id: hex(16, random),
    sampled: parent?.sampled ?? false,
  });
}

const isZero = (id: string): boolean => /^0*$/.test(id);

/** Hexadecimal digits, eight at a draw. Zeros alone are no valid id, so the last digit is never one. */
function hex(digits: number, random: Random): string {
  const words = Array.from({ length: digits / 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  );
  return words.join("").replace(/0$/, "1");
}
