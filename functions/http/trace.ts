import type { Random } from "@omoios/kernel/random";

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * The `traceparent` under which the plane works: a valid one is continued (same trace, new span, same sampling), anything else starts
 * a new trace that nobody samples. See W3C Trace Context.
 */
export function continueTrace(header: string | undefined, random: Random): string {
  const [, version, trace, parent, flags, rest] = TRACEPARENT.exec(header ?? "") ?? [];
  const valid =
    version !== undefined &&
    version !== "ff" &&
    (version !== "00" || rest === undefined) &&
    !isZero(trace) &&
    !isZero(parent);
  const sampled = valid && (Number.parseInt(flags ?? "0", 16) & 1) === 1;
  return `00-${valid ? trace : hex(32, random)}-${hex(16, random)}-${sampled ? "01" : "00"}`;
}

const isZero = (id: string | undefined): boolean => /^0*$/.test(id ?? "");

/** Hexadecimal digits, eight at a draw. Zeros alone are no valid id, so the last digit is never one. */
function hex(digits: number, random: Random): string {
  const words = Array.from({ length: digits / 8 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  );
  return words.join("").replace(/0$/, "1");
}
