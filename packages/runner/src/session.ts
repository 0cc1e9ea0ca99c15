import { type Agent, createAgent } from "@omoios/sdk/agent";
import { publicHalf } from "@omoios/sdk/agent-key";
import { ApiProblem } from "@omoios/sdk/api-problem";
import type { AgentIdentity } from "@omoios/sdk/assertion";
import { type Client, createClient } from "@omoios/sdk/client";
import { registerAgent } from "@omoios/sdk/register-agent";
import { expectKeepable, readIdentity, writeIdentity } from "./identity-file.ts";
import { RUNNER_VERSION, type RunnerOptions } from "./options.ts";

/** The refusals of an agent's own calls that mean: this agent is no more, register anew. A revoked key is one of them. */
const ENDED: ReadonlySet<string> = new Set(["agent.ended", "agent.not_found", "auth.invalid"]);

/** The refusals that mean: register with a new pair. */
const KEY_REFUSED: ReadonlySet<string> = new Set(["agent.key_in_use", "agent.key_retired"]);

export function isAgentEnded(failure: unknown): boolean {
  return failure instanceof ApiProblem && ENDED.has(failure.code);
}

/** Who the runner is to the plane. Its agent changes when the plane has ended the old one. */
export class Session {
  readonly #options: RunnerOptions;
  readonly #registrar: Client;
  #agent: Agent | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#registrar = createClient({ url: options.url, api_key: options.api_key });
  }

  get agent(): Agent {
    if (this.#agent === undefined) throw new Error("The session is not open");
    return this.#agent;
  }

  /** Goes on as the agent of the identity file, or registers one. Answers what it did. */
  async open(): Promise<{ kind: "registered" | "resumed"; text: string }> {
    const { identity_file, url } = this.#options;
    const kept = identity_file === undefined ? undefined : await readIdentity(identity_file, url);
    // A key that cannot be kept is lost, and its agent with it: that is found out before there is one.
    if (identity_file !== undefined) await expectKeepable(identity_file);
    if (kept === undefined) return this.#register();
    const agent = await this.#goOn(kept);
    if (agent === undefined) return this.#register(kept);
    this.#agent = agent;
    return { kind: "resumed", text: `${agent.agent_id} goes on` };
  }

  /** Takes a new key, which is in the identity file, if there is one, before the plane hears of it. */
  async rotateKey(): Promise<void> {
    const { identity_file, url } = this.#options;
    await this.agent.rotateKey(async (identity) => {
      if (identity_file !== undefined) await writeIdentity(identity_file, url, identity);
    });
  }

  /** Whether the agent is to be replaced once it has left. Throws the plane's refusal, if it has ended already. */
  async isRestarted(): Promise<boolean> {
    const { agent_id, client } = this.agent;
    const { leaving } = await client.getAgent({ params: { agent_id } });
    return leaving?.how === "restart";
  }

  /** Registers in place of the agent that the plane has ended. */
  async replace(): Promise<{ kind: "registered"; text: string }> {
    return this.#register(undefined, this.agent.agent_id);
  }

  /** Ends the agent, so that nobody waits for its heartbeats. Where it is kept in a file, the next start replaces it under the same key. */
  async close(): Promise<void> {
    if (this.#agent !== undefined) await this.end("the runner finished");
  }

  /** Ends the agent, if it has not ended, in its own name: what key its runner was given does not matter. */
  async end(reason: string): Promise<void> {
    const { agent_id, client } = this.agent;
    try {
      await client.deleteAgent({ params: { agent_id }, body: { reason } }, { timeout_ms: 5_000 });
    } catch (failure) {
      if (!isAgentEnded(failure)) throw failure;
    }
  }

  /** The kept agent, as far as it lives. A process that died over a rotation left two keys, and the plane knows which of them counts. */
  async #goOn({ next_key, ...kept }: AgentIdentity): Promise<Agent | undefined> {
    const { url, identity_file } = this.#options;
    if (next_key !== undefined) {
      const renewed = { ...kept, private_key: next_key };
      const agent = await this.#started(createAgent({ url, ...renewed }));
      if (agent !== undefined && identity_file !== undefined) await writeIdentity(identity_file, url, renewed);
      if (agent !== undefined) return agent;
    }
    return this.#started(createAgent({ url, ...kept }));
  }

  async #started(agent: Agent): Promise<Agent | undefined> {
    try {
      await this.#startOrGoOn(agent);
      return agent;
    } catch (failure) {
      if (!isAgentEnded(failure)) throw failure;
      return undefined;
    }
  }

  async #startOrGoOn(agent: Agent): Promise<void> {
    try {
      await agent.heartbeat({ status: "IDLE", current_task_ids: [], health_metrics: {} });
    } catch (failure) {
      if (!(failure instanceof ApiProblem) || failure.code !== "agent.not_started") throw failure;
      await agent.start();
    }
  }

  async #register(kept?: AgentIdentity, replaces = kept?.agent_id) {
    const { url, identity_file, agent_type = "worker", phase_ids, capabilities, capacity = 1 } = this.#options;
    const { tags, owner } = this.#options;
    const words = { agent_type, phase_ids, capabilities, capacity, version: RUNNER_VERSION, tags, owner, replaces };
    const key = kept === undefined ? {} : { key: { ...kept, public_key: publicHalf(kept.private_key) } };
    const { identity, registered } = await registerAgent(this.#registrar, words, key).catch((failure: unknown) => {
      // The kept key was revoked while its agent lives on: only a new pair gets in.
      if (!(failure instanceof ApiProblem) || !KEY_REFUSED.has(failure.code)) throw failure;
      return registerAgent(this.#registrar, words);
    });
    if (identity_file !== undefined) await writeIdentity(identity_file, url, identity);
    const agent = createAgent({ url, ...identity });
    await agent.start();
    this.#agent = agent;
    return { kind: "registered" as const, text: `${registered.agent_name} (${registered.agent_id})` };
  }
}
