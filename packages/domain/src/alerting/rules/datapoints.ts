import type { NoData } from "@omoios/contracts/shapes/alert-rule";

/** Minutes beyond N that are looked at for real points. */
const EXTRA = 2;

/** The last minutes with a new one. */
export function withPoint(points: string, point: "x" | "0" | "-", of: number): string {
  return (points + point).slice(-(of + EXTRA));
}

/**
 * M of N as CloudWatch has it: of the last N + 2 minutes the newest N that have a sample are counted. Where there are fewer, minutes
 * without one stand in for those that lack, as `no_data` has it: `alert` as breaching, `ok` as good; with `keep` nothing changes,
 * unless a good minute tells that it is not all breaches.
 */
export function judgePoints(
  points: string,
  { breaching, of }: { breaching: number; of: number },
  no_data: NoData,
): "breach" | "good" | "unknown" {
  const real = points.replaceAll("-", "").slice(-of);
  const breaches = real.replaceAll("0", "").length;
  if (breaches >= breaching) return "breach";
  // Minutes before the first evaluation are not missing: nobody asked for them.
  const filled = Math.min(of, points.length) - real.length;
  if (filled === 0 || no_data === "ok") return "good";
  if (no_data === "alert") return breaches + filled >= breaching ? "breach" : "good";
  return real.includes("0") ? "good" : "unknown";
}
