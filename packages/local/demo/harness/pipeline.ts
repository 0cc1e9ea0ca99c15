import type { BacklogTicket } from "../backlog.ts";
import type { EvidenceArtifact, TicketEvidence } from "../evidence.ts";
import { type Played, playTask } from "./play.ts";

const AFTER: Record<string, string> = {
  PHASE_REQUIREMENTS: "PHASE_DESIGN",
  PHASE_DESIGN: "PHASE_IMPLEMENTATION",
  PHASE_IMPLEMENTATION: "PHASE_BUILDING_DONE",
  PHASE_BUILDING_DONE: "PHASE_TESTING",
  PHASE_TESTING: "PHASE_DEPLOYMENT",
  PHASE_DEPLOYMENT: "PHASE_DONE",
};

const NEEDED_PERCENT = 80;

/** Takes a ticket through every phase, as the plane would with gates, and gives what the plane would hold of it. */
export async function playTicket(root: string, ticket: BacklogTicket): Promise<TicketEvidence> {
  const { ref, title } = ticket;
  const history: TicketEvidence["history"] = [{ from: "PHASE_BACKLOG", to: "PHASE_REQUIREMENTS", why: "started" }];
  const tasks: TicketEvidence["tasks"] = [];
  const artifacts = new Map<string, EvidenceArtifact>();
  const feedback: string[] = [];
  for (let phase = "PHASE_REQUIREMENTS"; phase !== "PHASE_DONE"; ) {
    const played = await playTask(root, ticket, phase, feedback);
    tasks.push(completed(played, phase));
    for (const artifact of handedIn(played, phase)) artifacts.set(`${artifact.type} ${artifact.path}`, artifact);
    const percent = artifacts.get(`test_coverage reports/${ref}/coverage.json`)?.metadata.coverage_percent;
    const failed = phase === "PHASE_IMPLEMENTATION" && Number(percent) < NEEDED_PERCENT;
    const why = failed ? `coverage is ${percent} %, ${NEEDED_PERCENT} % is needed` : "gate passed";
    if (failed) feedback.push(why);
    const to = failed ? "PHASE_DESIGN" : (AFTER[phase] ?? "PHASE_DONE");
    history.push({ from: phase, to, why });
    phase = to;
  }
  return {
    ref,
    title,
    history,
    tasks,
    ticket_id: ref,
    phase_id: "PHASE_DONE",
    status: "done",
    created_at: "2026-01-05T10:00:00.000Z",
    completed_at: "2026-01-05T10:01:00.000Z",
    artifacts: [...artifacts.values()],
  };
}

function handedIn({ result }: Played, phase_id: string): EvidenceArtifact[] {
  return (result.artifacts ?? []).map(({ type, path, content, metadata }) => ({
    type,
    path: path ?? null,
    content: content ?? null,
    metadata: metadata ?? {},
    phase_id,
    visit: 1,
  }));
}

function completed({ task_id }: Played, phase_id: string): TicketEvidence["tasks"][number] {
  const attempt = { attempt: 1, fence: 1, agent_id: "player-1", outcome: "completed" };
  return { task_id, phase_id, status: "completed", attempts: [attempt] };
}
