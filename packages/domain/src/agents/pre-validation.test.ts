import { defaultLimits } from "@omoios/contracts/default-limits";
import { describe, expect, it } from "vitest";
import { judgeRegistration, type Registration } from "./pre-validation.ts";

const ALLOWED = "a".repeat(64);
const policy = {
  agents: defaultLimits.agents,
  known_phases: new Set(["PHASE_TESTING", "PHASE_DESIGN"]),
  webhooks: { faultOf: (url: string) => (url.startsWith("https:") ? undefined : "must begin with https://") },
};
const strict = { ...policy, agents: { ...policy.agents, binaries: [ALLOWED] } };
const wanted: Registration = {
  agent_type: "worker",
  phase_ids: ["PHASE_TESTING"],
  capabilities: [],
  version: "1.0.0",
};
const key = (x: string): Pick<Registration, "public_key"> => ({ public_key: { kty: "OKP", crv: "Ed25519", x } });
const binary = (sha256: string) => ({ config: { binary: { path: "agent", sha256 } } });

describe("pre-validation", () => {
  it.each<{ rule: string; given: Partial<Registration>; paths: string[]; by?: typeof policy }>([
    { rule: "lets a plain worker in", given: {}, paths: [] },
    { rule: "wants a phase of a worker", given: { phase_ids: [] }, paths: ["/phase_ids"] },
    { rule: "wants none of others", given: { agent_type: "monitor", phase_ids: [] }, paths: [] },
    {
      rule: "knows the phases of workflows",
      given: { phase_ids: ["PHASE_DESIGN", "PHASE_X"] },
      paths: ["/phase_ids/1"],
    },
    { rule: "takes the range's lower end", given: { version: "1.0.0" }, paths: [] },
    { rule: "and not its upper", given: { version: "2.0.0" }, paths: ["/version"] },
    { rule: "takes no pre-release", given: { version: "1.5.0-rc.1" }, paths: ["/version"] },
    { rule: "wants semver", given: { version: "one" }, paths: ["/version"] },
    { rule: "allows what resources limits allow", given: { config: { resources: { cpus: 64, gpus: 8 } } }, paths: [] },
    { rule: "and no more", given: { config: { resources: { cpus: 65 } } }, paths: ["/config/resources/cpus"] },
    { rule: "allows any binary without a list", given: binary("b".repeat(64)), paths: [] },
    { rule: "with a list those on it", given: binary(ALLOWED), paths: [], by: strict },
    { rule: "and no other", given: binary("b".repeat(64)), paths: ["/config/binary/sha256"], by: strict },
    { rule: "takes a key as its 32 bytes are written", given: key(`${"A".repeat(42)}E`), paths: [] },
    { rule: "and in no second spelling", given: key(`${"A".repeat(42)}F`), paths: ["/public_key/x"] },
    {
      rule: "tells all reasons at once",
      given: { phase_ids: ["PHASE_X"], version: "9", config: { resources: { memory_mb: 1e9 } } },
      paths: ["/version", "/phase_ids/0", "/config/resources/memory_mb"],
    },
  ])("$rule", ({ given, paths, by = policy }) => {
    expect(judgeRegistration({ ...wanted, ...given }, by).map(({ path }) => path)).toEqual(paths);
  });
});
