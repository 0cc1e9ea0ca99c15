/** What a check found: all is well; something to know; something that the deployment or the stage would fail by. */
export interface Finding {
  check: string;
  verdict: "ok" | "note" | "fault";
  found: string;
  /** What to do about it. */
  remedy?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, verdict: "ok", found });
export const note = (check: string, found: string, remedy: string): Finding => ({
  check,
  verdict: "note",
  found,
  remedy,
});
export const fault = (check: string, found: string, remedy: string): Finding => ({
  check,
  verdict: "fault",
  found,
  remedy,
});
