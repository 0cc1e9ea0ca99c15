import type { Limits } from "@omoios/contracts/limits";
import type { RouteInput } from "@omoios/contracts/routes";
import type { Fault } from "@omoios/kernel/problem";
import satisfies from "semver/functions/satisfies.js";
import valid from "semver/functions/valid.js";
import type { Parts } from "../config/well-formed.ts";
import type { WebhookRules } from "./webhooks.ts";

export type Registration = RouteInput<"registerAgent">["body"];

interface RegistrationPolicy {
  agents: Limits["agents"];
  /** Phases of all workflows. */
  known_phases: ReadonlySet<string>;
  webhooks: Pick<WebhookRules, "faultOf">;
}

/** Every reason why the agent may not register; none when it may. Of one that has not its shape, what can be said of the rest. */
export function judgeRegistration(wanted: Parts<Registration>, policy: RegistrationPolicy): Fault[] {
  return [
    ...versionFaults(wanted.version, policy.agents.versions),
    ...phaseFaults(wanted, policy.known_phases),
    ...resourceFaults(wanted.config?.resources ?? {}, policy.agents),
    ...binaryFaults(wanted.config?.binary, policy.agents.binaries),
    ...keyFaults(wanted.public_key?.x),
    ...deliveryFaults(wanted.delivery, policy.webhooks),
  ];
}

function versionFaults(version: string | undefined, range: string): Fault[] {
  if (version === undefined) return [];
  if (valid(version) === null) {
    return [{ path: "/version", message: `is no semantic version: write it like 1.4.0, within ${range}` }];
  }
  return satisfies(version, range) ? [] : [{ path: "/version", message: `must be within ${range}` }];
}

function phaseFaults({ agent_type, phase_ids }: Parts<Registration>, known: ReadonlySet<string>): Fault[] {
  if (agent_type === "worker" && phase_ids?.length === 0) {
    return [{ path: "/phase_ids", message: "must name a phase: a worker without one could take no task" }];
  }
  return (phase_ids ?? []).flatMap((phase_id, index) =>
    phase_id === undefined || known.has(phase_id)
      ? []
      : [{ path: `/phase_ids/${index}`, message: `no workflow has ${phase_id}; there are ${[...known].join(", ")}` }],
  );
}

type Config = NonNullable<Parts<Registration>["config"]>;
type Resources = NonNullable<Config["resources"]>;

function resourceFaults(asked: Resources, limits: Limits["agents"]): Fault[] {
  return (["memory_mb", "cpus", "gpus"] as const).flatMap((name) =>
    (asked[name] ?? 0) > limits[name]
      ? [{ path: `/config/resources/${name}`, message: `must be at most ${limits[name]}` }]
      : [],
  );
}

function binaryFaults(binary: Config["binary"], allowed: readonly string[]): Fault[] {
  const sha256 = binary?.sha256;
  if (sha256 === undefined || allowed.length === 0 || allowed.includes(sha256)) return [];
  return [{ path: "/config/binary/sha256", message: "is not in the stage's list of allowed binaries" }];
}

/** The last character of 32 bytes in base64url has two spare bits: set, they would give one key two thumbprints. */
export function keyFaults(x: string | undefined): Fault[] {
  if (x === undefined || Buffer.from(x, "base64url").toString("base64url") === x) return [];
  return [{ path: "/public_key/x", message: "must be 32 bytes in base64url without spare bits set" }];
}

function deliveryFaults(delivery: Parts<Registration>["delivery"], webhooks: RegistrationPolicy["webhooks"]): Fault[] {
  const message = delivery?.mode === "push" && delivery.url !== undefined ? webhooks.faultOf(delivery.url) : undefined;
  return message === undefined ? [] : [{ path: "/delivery/url", message }];
}
