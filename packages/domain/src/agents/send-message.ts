import type { RouteInput, RouteReply } from "@omoios/contracts/routes";
import { toRfc3339 } from "@omoios/kernel/clock";
import { isId, newId } from "@omoios/kernel/ids";
import { invariant, Problem } from "@omoios/kernel/problem";
import type { RequestContext } from "../commit.ts";
import { untilSettled } from "../decide.ts";
import { expiryAt } from "../expiry.ts";
import { inTurn } from "../in-turn.ts";
import type { MessageRow } from "./life-rows.ts";
import { posted } from "./mail.ts";
import type { PulseRow } from "./model.ts";
import type { AgentParts } from "./parts.ts";
import { channelsOf, phaseOf } from "./registration.ts";
import { tell } from "./tell.ts";

/** After so long a message is delivered once more, should the process that was at it have died. */
const DELIVERED_WITHIN_MS = 30_000;
/** How often a box is looked into anew while its agent beats or is sent other messages. */
const TRIES = 8;

/** Messages to channels. */
export function messageVerbs(parts: AgentParts) {
  return {
    send: (ctx: RequestContext, message: RouteInput<"sendAgentMessage">["body"]) => send(parts, ctx, message),

    /** A message that was sent before, as it stands. */
    async sent(ctx: RequestContext, message_id: string): Promise<RouteReply<"sendAgentMessage">> {
      const row = isId("message", message_id) ? await parts.store.get("message", { message_id }) : undefined;
      invariant(row !== undefined, `message ${message_id} is there`);
      return messageView(row.due_at === undefined ? row : await deliver(parts, ctx, row));
    },

    /** A message whose delivery should be done by now. */
    async messageIsDue(ctx: RequestContext, message_id: string): Promise<void> {
      const row = isId("message", message_id) ? await parts.store.get("message", { message_id }) : undefined;
      if (row?.due_at !== undefined && row.due_at <= ctx.now) await deliver(parts, ctx, row);
    },
  };
}

/** Sends a message to the agents that live. Throws `request.invalid` for a channel of a phase that no workflow has. */
async function send(
  parts: AgentParts,
  ctx: RequestContext,
  { channel, body }: RouteInput<"sendAgentMessage">["body"],
): Promise<RouteReply<"sendAgentMessage">> {
  const phase_id = phaseOf(channel);
  if (phase_id !== undefined && !parts.known_phases.has(phase_id)) {
    throw new Problem("request.invalid", { errors: [{ path: "/channel", message: `no workflow has ${phase_id}` }] });
  }
  const message: MessageRow = {
    version: 0,
    message_id: newId("message", ctx.random),
    channel,
    body,
    sent_at: ctx.now,
    sent_by: ctx.actor.id,
    due_at: ctx.now + DELIVERED_WITHIN_MS,
    ttl: expiryAt(ctx.now + parts.limits.agent_messages.keep_seconds * 1000),
  };
  const [row] = await parts.commit(
    ctx,
    [{ kind: "message", after: message, events: [{ type: "agent.message.sent" }] }],
    { made: message.message_id },
  );
  await parts.mail_flag.raise(ctx);
  return messageView(await deliver(parts, ctx, row as MessageRow));
}

/**
 * Puts the message into each agent's box, and tells those that hold a socket at once. May be repeated: a box that has it takes it no
 * second time. The box counts: what is lost on a socket comes with the next beat.
 */
async function deliver(parts: AgentParts, ctx: RequestContext, message: MessageRow): Promise<MessageRow> {
  const { message_id, channel, body } = message;
  const counted = { agents: 0, full: 0 };
  const held = new Map((await parts.sockets.held(ctx.now)).map((socket) => [socket.agent_id, socket]));
  await inTurn(await subscribers(parts, channel), async (pulse) => {
    const outcome = await post(parts, ctx, pulse, message_id);
    if (outcome === "full") counted.full++;
    else if (outcome !== "gone") counted.agents++;
    const socket = held.get(pulse.agent_id);
    if (typeof outcome !== "number" || socket?.epoch !== pulse.epoch) return;
    await tell(parts, socket, { messages: [{ number: outcome, channel, body }] });
  });
  return untilSettled(async () => {
    const before = await parts.store.get("message", { message_id });
    invariant(before !== undefined, `message ${message_id} is there`);
    if (before.due_at === undefined) return before;
    const [row] = await parts.commit(ctx, [
      { kind: "message", before, after: { ...before, ...counted, due_at: undefined } },
    ]);
    return row as MessageRow;
  });
}

/** The pulses of the agents that the channel is for. */
async function subscribers({ pulse, store }: AgentParts, channel: string): Promise<PulseRow[]> {
  const living = await pulse.living();
  if (phaseOf(channel) === undefined) return living;
  const profiles = await store.getMany(
    "agent_profile",
    living.map(({ agent_id }) => ({ agent_id })),
  );
  const subscribed = new Set(
    profiles.filter((row) => channelsOf(row).includes(channel)).map(({ agent_id }) => agent_id),
  );
  return living.filter(({ agent_id }) => subscribed.has(agent_id));
}

/** The number that the message has in the box now; `there` where it had one before. */
async function post(
  { pulse, limits }: AgentParts,
  ctx: RequestContext,
  read: PulseRow,
  message_id: MessageRow["message_id"],
): Promise<number | "there" | "full" | "gone"> {
  let box: PulseRow | undefined = read;
  for (let tries = 0; tries < TRIES && box !== undefined; tries++) {
    const outcome = posted(box, message_id, ctx.now, limits);
    if (typeof outcome === "string") return outcome;
    if (await pulse.post(box, outcome)) return outcome.mail_last;
    box = await pulse.get(box.agent_id);
  }
  if (box !== undefined) throw new Problem("conflict.busy", { extra: { retry_after_ms: 200 } });
  return "gone";
}

function messageView({
  message_id,
  channel,
  sent_at,
  agents = 0,
  full = 0,
}: MessageRow): RouteReply<"sendAgentMessage"> {
  return { message_id, channel, sent_at: toRfc3339(sent_at), agents, full };
}
