import { type Finding, fault, note, ok } from "./finding.ts";

const LEAST_NODE = [20, 19] as const;
/** AWS refuses a request that was signed this far from its own time. */
const REFUSED_SKEW_MS = 5 * 60_000;
const NOTABLE_SKEW_MS = 30_000;
/** States that a deployment takes up from, or makes anew. */
const HEALTHY_STACK = /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/;

export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [least, leastMinor] = LEAST_NODE;
  if (major > least || (major === least && minor >= leastMinor)) return ok("node", `Node ${version}`);
  return fault("node", `Node ${version} is too old`, `Install Node ${LEAST_NODE.join(".")} or newer.`);
}

/** @param skew_ms how far this machine's clock is ahead of AWS's */
export function judgeClock(skew_ms: number): Finding {
  const seconds = Math.round(Math.abs(skew_ms) / 1000);
  const found = `this clock is ${seconds} s ${skew_ms < 0 ? "behind" : "ahead"}`;
  const remedy = "Set the clock by network time (timedatectl set-ntp true).";
  if (Math.abs(skew_ms) >= REFUSED_SKEW_MS) return fault("clock", `${found}, and AWS refuses what it signs`, remedy);
  return Math.abs(skew_ms) >= NOTABLE_SKEW_MS ? note("clock", found, remedy) : ok("clock", `${seconds} s off`);
}

export function judgeStack(name: string, status: string | undefined): Finding {
  if (status === undefined) return note(name, "is not there yet", "The first deployment makes it.");
  if (HEALTHY_STACK.test(status)) return ok(name, status);
  if (status.endsWith("_IN_PROGRESS")) return fault(name, status, "Somebody is at it: wait until it is done.");
  return fault(name, status, `Delete the stack ${name} in CloudFormation; the next deployment makes it anew.`);
}

export function judgeSecrets(stage: string, missing: readonly string[]): Finding {
  if (missing.length === 0) return ok("secrets", "all that functions read are there");
  const remedy = missing.map((name) =>
    name === "token-keys" || name === "audit-keys"
      ? `npm run stage -- secrets --stage ${stage}`
      : `omoi secrets set ${name} --stage ${stage}`,
  );
  return fault("secrets", `missing: ${missing.join(", ")}`, [...new Set(remedy)].join("; "));
}

/** @param has what the account allows; undefined where no quota of this kind is listed */
export function judgeQuota(check: string, has: number | undefined, needs: number, remedy: string): Finding {
  if (has === undefined) return note(check, `Service Quotas lists none; the stage needs ${needs}`, remedy);
  if (has >= needs) return ok(check, `${has}, the stage needs ${needs}`);
  return fault(check, `${has}, but the stage needs ${needs} at its full rate`, remedy);
}
