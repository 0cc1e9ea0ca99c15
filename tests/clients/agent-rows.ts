import { createHash } from "node:crypto";
import { newId } from "@omoios/kernel/ids";
import { Problem } from "@omoios/kernel/problem";
import { systemRandom } from "@omoios/kernel/random";
import canonicalize from "canonicalize";
import { calculateJwkThumbprint, importJWK, type JWK, jwtVerify } from "jose";
import type { Call } from "./route-server.ts";

export interface AgentRow {
  agent_id: string;
  key: JWK;
  status: "SPAWNING" | "IDLE" | "TERMINATED";
  expected_next: number;
  beats: Record<string, unknown>[];
  stop_tasks: string[];
  replaces: string | undefined;
  /** Answers of claims by their key. */
  claims: Map<string, string[]>;
}

const AUDIENCE = "small-plane";

/** The agents of a small plane: keys, assertions that count once, tokens, heartbeats with number and checksum. */
export class AgentRows {
  readonly rows = new Map<string, AgentRow>();
  readonly #tokens = new Map<string, string>();
  readonly #usedAssertions = new Set<string>();
  /** How far this plane's clock is ahead of the machine's. */
  clock_offset_ms = 0;
  token_seconds = 900;

  now(): number {
    return Date.now() + this.clock_offset_ms;
  }

  register(body: { public_key?: JWK; replaces?: string; agent_type: string }): Record<string, unknown> {
    if (body.public_key === undefined) throw new Problem("agent.registration_refused", { detail: "no key" });
    const agent_id = newId("agent", systemRandom);
    this.rows.set(agent_id, {
      agent_id,
      key: body.public_key,
      status: "SPAWNING",
      expected_next: 1,
      beats: [],
      stop_tasks: [],
      replaces: body.replaces,
      claims: new Map(),
    });
    return {
      agent_id,
      agent_name: `${body.agent_type}-any-${String(this.rows.size).padStart(3, "0")}`,
      status: "SPAWNING",
      key_id: "key",
      audience: AUDIENCE,
      wake_url: null,
      first_heartbeat_by: new Date(this.now() + 60_000).toISOString(),
      steps: [],
    };
  }

  /** The agent that an assertion proves. */
  async byAssertion(agent_id: string, assertion: string): Promise<AgentRow> {
    const row = this.rows.get(agent_id);
    if (row === undefined) throw new Problem("auth.invalid");
    const verified = await jwtVerify(assertion, await importJWK(row.key, "EdDSA"), {
      subject: agent_id,
      audience: AUDIENCE,
      currentDate: new Date(this.now()),
      clockTolerance: 30,
      requiredClaims: ["jti", "exp"],
    }).catch((cause: { code: string }) => {
      if (cause.code === "ERR_JWT_EXPIRED") throw this.#clockProblem();
      throw new Problem("auth.invalid", { detail: cause.code });
    });
    const { exp = 0, jti = "" } = verified.payload;
    if (exp * 1000 > this.now() + 330_000) throw this.#clockProblem();
    const kid = await calculateJwkThumbprint(row.key, "sha256");
    if (verified.protectedHeader.kid !== kid || this.#usedAssertions.has(jti)) throw new Problem("auth.invalid");
    this.#usedAssertions.add(jti);
    if (row.status === "TERMINATED") throw new Problem("agent.ended", { extra: { action: "register" } });
    return row;
  }

  async buyToken(agent_id: string, assertion: string): Promise<Record<string, unknown>> {
    const row = await this.byAssertion(agent_id, assertion);
    if (row.status === "SPAWNING") throw new Problem("agent.not_started");
    const access_token = `token_${newId("request", systemRandom)}`;
    this.#tokens.set(access_token, agent_id);
    return { access_token, token_type: "Bearer", expires_in: this.token_seconds };
  }

  /** Forgets every token, as a plane does whose signing key was rotated away. */
  forgetTokens(): void {
    this.#tokens.clear();
  }

  /** The agent whose access token the call carries. */
  byToken(call: Call): AgentRow {
    const row = this.rows.get(this.#tokens.get(bearerOf(call)) ?? "");
    if (row === undefined) throw new Problem("auth.invalid");
    if (row.status === "TERMINATED") throw new Problem("agent.ended", { extra: { action: "register" } });
    return row;
  }

  async heartbeat(call: Call): Promise<Record<string, unknown>> {
    const agent_id = call.params.agent_id ?? "";
    const spawning = this.rows.get(agent_id)?.status === "SPAWNING";
    const row = spawning ? await this.byAssertion(agent_id, bearerOf(call)) : this.byToken(call);
    const { checksum, ...fields } = call.body as { checksum: string; sequence_number: number };
    const text = canonicalize(fields) ?? "";
    if (createHash("sha256").update(text).digest("hex") !== checksum) throw new Problem("agent.checksum_mismatch");
    if (spawning) row.status = "IDLE";
    const { sequence_number } = fields;
    const received = sequence_number >= row.expected_next;
    if (received) {
      row.expected_next = sequence_number + 1;
      row.beats.push(fields);
    }
    const { expected_next } = row;
    const time = new Date(this.now()).toISOString();
    const stop_tasks = row.stop_tasks.splice(0);
    const replay = received ? {} : { replay: true };
    const action = stop_tasks.length > 0 ? "stop" : "continue";
    return { received, ...replay, sequence_number, expected_next, gaps: [], time, action, stop_tasks, messages: [] };
  }

  #clockProblem(): Problem {
    return new Problem("agent.clock", { extra: { server_time: new Date(this.now()).toISOString() } });
  }
}

export function bearerOf({ headers }: Call): string {
  const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
  if (token === undefined) throw new Problem("auth.missing");
  return token;
}
