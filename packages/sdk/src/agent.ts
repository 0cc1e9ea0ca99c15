import type { RouteReply } from "@omoios/contracts/routes";
import { type Clock, fromRfc3339, systemClock } from "@omoios/kernel/clock";
import { accessTokens } from "./access-token.ts";
import { ApiProblem } from "./api-problem.ts";
import { type AgentIdentity, assertionSigner } from "./assertion.ts";
import { type CallRequest, type Client, type ClientOptions, createClient } from "./client.ts";
import { type Beat, type BeatReply, heartbeatNumbers, type SendBeat } from "./heartbeat-numbers.ts";
import { keyRotation } from "./key-rotation.ts";
import { defaultRetry, isPassing } from "./retry.ts";
import type { CallOptions } from "./transport.ts";
import { keepSocket, type Listening, type ListenOptions } from "./wake-socket.ts";

export interface AgentOptions extends Omit<ClientOptions, "api_key" | "bearer">, AgentIdentity {
  clock?: Clock;
}

export interface Agent {
  readonly agent_id: string;
  /** Calls as this agent: `agent.client.completeTask(…)`. Access tokens are bought and renewed by themselves. */
  readonly client: Client;
  /** The first heartbeat of a registration: it carries an assertion, and moves the agent from SPAWNING to IDLE. */
  start(beat?: Partial<Beat>): Promise<BeatReply>;
  heartbeat(beat: Beat): Promise<BeatReply>;
  /**
   * Claims tasks. One claim at a time. A claim whose answer was lost is asked again, with its key and its words, by the next
   * call, so that the tasks it took are not left lying.
   */
  claim(body: NonNullable<CallRequest<"claimTasks">["body"]>, options?: CallOptions): Promise<RouteReply<"claimTasks">>;
  /** Holds a wake socket, over which the plane says when there is work, and brings messages. It is a hint: whoever listens polls and beats too. */
  listen(options: ListenOptions): Listening;
  /**
   * Takes a new key: one made here, told to the plane, and signed with from then on; the old one is good for five minutes more. Asked
   * again after a failure, it goes on with the same new key.
   * @param keep is told who the agent is, first with the new key as `next_key`, then with it in use: whoever keeps that can go on as
   *   the agent wherever the process dies, by the one key or by the other
   */
  rotateKey(keep?: (identity: AgentIdentity) => Promise<void>): Promise<void>;
  /** The plane's time as far as we know it, in milliseconds. */
  now(): number;
}

const IDLE: Beat = { status: "IDLE", current_task_ids: [], health_metrics: {} };

/** A client that acts as one registered agent. */
export function createAgent({ agent_id, audience, private_key, clock = systemClock, ...options }: AgentOptions): Agent {
  const policy = { ...defaultRetry, ...options.retry };
  const signer = assertionSigner({ agent_id, audience, private_key }, clock, policy);
  const anonymous = createClient(options);
  const bearer = accessTokens(agent_id, signer, anonymous, clock);
  const client = createClient({ ...options, bearer });
  const rotateKey = keyRotation({ agent_id, audience, private_key }, client, (key) => {
    signer.useKey(key);
    bearer.drop();
  });
  const params = { agent_id };
  const numbered = heartbeatNumbers();
  let heard_offset_ms: number | undefined;

  const withToken: SendBeat = (body) => client.heartbeat({ params, body });
  const withAssertion: SendBeat = (body) =>
    signer.withAssertion((bearer) => anonymous.heartbeat({ params, body }, { bearer, once: true }));

  async function beatWith(send: SendBeat, beat: Beat): Promise<BeatReply> {
    const reply = await numbered(send, beat);
    const time = fromRfc3339(reply.time);
    if (time !== undefined) heard_offset_ms = time - clock.now();
    return reply;
  }

  return {
    agent_id,
    client,
    now: () => clock.now() + (heard_offset_ms ?? signer.offset_ms),
    heartbeat: (beat) => beatWith(withToken, beat),
    claim: claimer(client),
    listen: (listening) => {
      const address = async () => (await client.getAgentRegistration({ params })).wake_url;
      return keepSocket(address, bearer, listening);
    },
    rotateKey,
    async start(given = {}) {
      const beat = { ...IDLE, ...given };
      try {
        return await beatWith(withAssertion, beat);
      } catch (failure) {
        // The first beat may have arrived and its answer been lost: an agent that has started beats with a token.
        if (!(failure instanceof ApiProblem) || failure.code !== "auth.invalid") throw failure;
        return await beatWith(withToken, beat);
      }
    },
  };
}

function claimer(client: Client): Agent["claim"] {
  let open: { key: string; body: NonNullable<CallRequest<"claimTasks">["body"]> } | undefined;
  return async (body, options = {}) => {
    open ??= { key: crypto.randomUUID(), body };
    try {
      const reply = await client.claimTasks({ body: open.body }, { ...options, idempotency_key: open.key });
      open = undefined;
      return reply;
    } catch (failure) {
      const unanswered = isPassing(failure) || options.signal?.aborted === true;
      if (!unanswered) open = undefined;
      throw failure;
    }
  };
}
