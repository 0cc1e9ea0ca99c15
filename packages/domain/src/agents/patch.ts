import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import type { Fault } from "@omoios/kernel/problem";
import { Problem } from "@omoios/kernel/problem";
import type { ChangeOf, RequestContext } from "../commit.ts";
import type { Parts } from "../config/well-formed.ts";
import { untilSettled } from "../decide.ts";
import { type AgentProfileRow, type AgentRow, agentEnded, hasEnded } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { expectAgent } from "./reads.ts";
import { shownStatus } from "./status.ts";
import { agentView } from "./view.ts";

export type Patch = RouteInput<"patchAgent">["body"];

/** Changes what an agent can do, how much at once, its tags and its owner. Throws `agent.not_found`, `agent.ended` or `request.invalid`. */
export async function patch(
  parts: AgentParts,
  ctx: RequestContext,
  agent_id: string,
  wanted: Patch,
): Promise<RouteReply<"patchAgent">> {
  return untilSettled(async () => {
    const { agent, profile } = await expectAgent(parts, agent_id);
    if (hasEnded(agent)) throw agentEnded(agent);
    const errors = phaseFaults(agent, wanted, parts.known_phases);
    if (errors.length > 0) throw new Problem("request.invalid", { errors });
    const change = profileChange(agent, profile, wanted, ctx.now);
    const { phase_ids, capabilities } = change.after ?? profile;
    const class_id = await parts.work.ensureClass(ctx, phase_ids, capabilities);
    const after: AgentRow = { ...agent, class_id, capacity: wanted.capacity ?? agent.capacity };
    const [row, saved] = await parts.commit(ctx, [{ kind: "agent", before: agent, after }, change]);
    return agentView(row as AgentRow, saved as AgentProfileRow, await parts.pulse.get(agent.agent_id));
  });
}

/** The profile as it is wanted; what it brings and takes of the capabilities is published. */
function profileChange(
  agent: AgentRow,
  before: AgentProfileRow,
  { capabilities = before.capabilities, phase_ids = before.phase_ids, tags = before.tags, owner }: Patch,
  now: number,
): ChangeOf<"agent_profile"> {
  const added = capabilities.filter((word) => !before.capabilities.includes(word));
  const removed = before.capabilities.filter((word) => !capabilities.includes(word));
  const said = owner === undefined ? before.owner : (owner ?? undefined);
  const after: AgentProfileRow = { ...before, capabilities, phase_ids, tags, owner: said, updated_at: now };
  if (added.length + removed.length === 0) return { kind: "agent_profile", before, after };
  const data = { agent_name: agent.agent_name, status: shownStatus(agent) };
  return {
    kind: "agent_profile",
    before,
    after: { ...after, added, removed },
    events: [{ type: "agent.capabilities_changed", data }],
  };
}

/** What stands against an agent's phases, as far as they can be read; of whichever agent it is, unless one is given. */
export function phaseFaults(
  agent: AgentRow | undefined,
  { phase_ids }: Parts<Patch>,
  known: ReadonlySet<string>,
): Fault[] {
  if (agent?.agent_type === "worker" && phase_ids?.length === 0) {
    return [{ path: "/phase_ids", message: "must name a phase: a worker without one could take no task" }];
  }
  // The list was sorted on its way in: a place in it would not be the caller's.
  const unknown = (phase_ids ?? []).filter((phase_id) => phase_id !== undefined && !known.has(phase_id));
  return unknown.map((phase_id) => ({ path: "/phase_ids", message: `no workflow has ${phase_id}` }));
}
