import { randomBytes } from "node:crypto";
import type { RouteReply } from "@omoios/contracts/routes";
import { backoffMs } from "@omoios/kernel/backoff";
import { systemRandom } from "@omoios/kernel/random";
import type { Agent } from "@omoios/sdk/agent";
import { isPassing } from "@omoios/sdk/retry";
import { wait } from "@omoios/sdk/wait";
import { clearStaleAttempts, defaultWorkdir } from "./attempt-folder.ts";
import { startGuard } from "./guard.ts";
import { type Heartbeats, startHeartbeats } from "./heartbeats.ts";
import { Inbox } from "./inbox.ts";
import { DEFAULT_CLAIM_WAIT_MS, DEFAULT_GRACE_MS, DEFAULT_HEARTBEAT_MS, type RunnerOptions } from "./options.ts";
import type { RunnerEvent, RunSummary } from "./runner-event.ts";
import { RunningAttempts } from "./running-attempts.ts";
import { isAgentEnded, Session } from "./session.ts";
import { Succession } from "./succession.ts";
import { Waking } from "./waking.ts";
import { wordsOf } from "./words.ts";

const MOST_PER_CLAIM = 10;
/** How long words about tasks are repeated after the runner was stopped. */
const HANDBACK_MS = 20_000;
/** With the pauses between them about two minutes: a plane that starts on a busy machine takes its time. */
const OPEN_TRIES = 10;
const PAUSE_AFTER_TROUBLE = { base_ms: 1_000, cap_ms: 20_000, jitter: 0.25 };

/** The life of one agent: it registers, beats, claims, works, hands in, and leaves nothing behind. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #id = randomBytes(6).toString("hex");
  readonly #workdir: string;
  readonly #session: Session;
  readonly #attempts: RunningAttempts;
  readonly #inbox: Inbox;
  readonly #waking: Waking;
  readonly #succession: Succession;
  readonly #stopped = new AbortController();
  readonly #giveUp = new AbortController();
  #heartbeats: Heartbeats | undefined;
  #handback: NodeJS.Timeout | undefined;
  #rotation: Promise<void> | undefined;
  #lastErrorAt: number | undefined;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#workdir = options.workdir ?? defaultWorkdir();
    this.#session = new Session(options);
    const log = (event: RunnerEvent) => this.#log(event);
    const giveUp = this.#giveUp.signal;
    this.#waking = new Waking({
      onMessages: (messages) => {
        this.#inbox.hearSocket(messages);
        this.#heartbeats?.soon();
      },
      onTrouble: (failure) => this.#log({ kind: "message", text: wordsOf(failure) }),
    });
    const onQuiet = () => this.#heartbeats?.soon();
    this.#attempts = new RunningAttempts({
      options,
      workdir: this.#workdir,
      runner_id: this.#id,
      giveUp,
      onQuiet,
      log,
    });
    this.#succession = new Succession({
      session: this.#session,
      attempts: this.#attempts,
      stopped: this.#stopped.signal,
      stop: (reason) => this.stop(reason),
      onAnother: () => {
        this.#inbox.reset();
        this.#waking.hold(this.#session.agent);
      },
      pause: (ms) => this.#pause(ms),
      log,
    });
    this.#inbox = new Inbox({
      onStopTasks: (ids, text) => this.#attempts.stop({ why: "lease_lost", text }, ids),
      onShutdown: () => this.#succession.told(),
      onStop: (reason) => this.stop(reason),
      onRotateKey: () => this.#rotateKey(),
      log: (text) => this.#log({ kind: "message", text }),
    });
  }

  /** Runs to the end. Rejects where the plane refuses the registration, or takes no replacement for an ended agent. */
  async run(): Promise<RunSummary> {
    const guard = startGuard(this.#id);
    try {
      const cleared = await clearStaleAttempts(this.#workdir, this.#options.grace_ms ?? DEFAULT_GRACE_MS);
      if (cleared > 0) this.#log({ kind: "message", text: `cleared ${cleared} attempts that a killed runner left` });
      await this.#open();
      this.#heartbeats = this.#beat();
      this.#waking.hold(this.#session.agent);
      await this.#claimUntilStopped();
    } finally {
      await this.#attempts.allEnded();
      this.#stopped.abort();
      this.#heartbeats?.stop();
      await Promise.all([this.#succession.settled(), this.#rotation]);
      this.#waking.stop();
      clearTimeout(this.#handback);
      guard.dismiss();
    }
    if (this.#succession.fatal !== undefined) throw this.#succession.fatal;
    await this.#leave();
    return this.#attempts.summary;
  }

  stop(reason: string): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort();
    this.#handback = setTimeout(() => this.#giveUp.abort(), HANDBACK_MS);
    this.#attempts.stop({ why: "handback", text: reason });
  }

  /** Resolves when no process of an attempt is left. */
  async kill(): Promise<void> {
    this.stop("the runner was ended");
    this.#giveUp.abort();
    this.#attempts.kill({ why: "handback", text: "the runner was ended" });
    await this.#attempts.allEnded();
  }

  async #claimUntilStopped(): Promise<void> {
    const { capacity = 1, once = false, max_tasks = Number.POSITIVE_INFINITY } = this.#options;
    const { summary } = this.#attempts;
    let failures = 0;
    while (!this.#stopped.signal.aborted && summary.claimed < max_tasks) {
      const free = Math.min(capacity - this.#attempts.size, max_tasks - summary.claimed, MOST_PER_CLAIM);
      if (free <= 0) {
        await this.#attempts.oneEnded();
        continue;
      }
      const { agent } = this.#session;
      const wasIdle = this.#attempts.size === 0;
      try {
        const reply = await this.#claim(agent, free);
        failures = 0;
        if (reply.tasks.length > 0) continue;
        if (once && wasIdle) return;
        await this.#waking.pause(reply.retry_after_ms, this.#stopped.signal);
      } catch (failure) {
        await this.#met(failure, agent);
        await this.#pause(backoffMs(PAUSE_AFTER_TROUBLE, failures++, systemRandom));
      }
    }
  }

  async #claim(agent: Agent, max: number): Promise<RouteReply<"claimTasks">> {
    const { claim_wait_ms = DEFAULT_CLAIM_WAIT_MS } = this.#options;
    // Who is woken need not wait at the plane, where waiting is paid by the second.
    const wait_ms = this.#waking.held ? 0 : claim_wait_ms;
    const { acked } = this.#inbox;
    const words = { max, wait_ms, ...(acked === undefined ? {} : { acked }) };
    // An agent that ends with the run gives back what a claim broken off may have taken.
    const reply = await agent.claim(words, { signal: this.#stopped.signal });
    this.#inbox.hear(reply);
    for (const task of reply.tasks) {
      const attempt = this.#attempts.start(task, agent);
      // What a claim brings that was under way when the stop came is handed back as well.
      const leaves = this.#stopped.signal.aborted || this.#succession.leaves;
      if (leaves) attempt.stop({ why: "handback", text: "the runner is stopping" });
    }
    if (reply.tasks.length > 0) this.#heartbeats?.changed();
    return reply;
  }

  #beat(): Heartbeats {
    return startHeartbeats({
      agent: () => this.#session.agent,
      running: () => this.#attempts.taskIds(),
      acked: () => this.#inbox.acked,
      lastErrorAt: () => this.#lastErrorAt,
      interval_ms: this.#options.heartbeat_ms ?? DEFAULT_HEARTBEAT_MS,
      quietUntil: () => this.#attempts.quietUntil(),
      onReply: (reply) => this.#inbox.hear(reply),
      onFailure: (failure, agent) => this.#met(failure, agent),
    });
  }

  /** A refusal that ends the agent brings a new one, once; anything else is told, and the loop goes on. */
  async #met(failure: unknown, agent: Agent): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    this.#log({ kind: "trouble", text: wordsOf(failure) });
    if (isAgentEnded(failure) && agent === this.#session.agent) await this.#succession.ended();
  }

  /** A rotation that fails is tried again with the next beat, whose answer asks for it again. */
  #rotateKey(): void {
    this.#rotation ??= this.#session
      .rotateKey()
      .then(
        () => this.#log({ kind: "rotated", text: "the agent has a new key" }),
        (failure: unknown) => this.#log({ kind: "trouble", text: `the agent keeps its key: ${wordsOf(failure)}` }),
      )
      .finally(() => {
        this.#rotation = undefined;
      });
  }

  /** A fleet is often started with its plane, or while that starts again: a plane that does not answer yet is waited for. */
  async #open(): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        this.#log(await this.#session.open());
        return;
      } catch (failure) {
        if (!isPassing(failure) || tries >= OPEN_TRIES || this.#stopped.signal.aborted) throw failure;
        this.#log({ kind: "message", text: `${wordsOf(failure)}; trying again` });
        await this.#pause(backoffMs(PAUSE_AFTER_TROUBLE, tries, systemRandom));
      }
    }
  }

  /** A pause that a stop cuts short. */
  async #pause(ms: number): Promise<void> {
    await wait(ms, this.#stopped.signal).catch(() => undefined);
  }

  async #leave(): Promise<void> {
    const { completed, failed, released, dropped } = this.#attempts.summary;
    try {
      if (!this.#giveUp.signal.aborted) {
        await this.#session.close();
      }
    } catch (failure) {
      this.#log({ kind: "trouble", text: `the agent was not ended at the plane: ${wordsOf(failure)}` });
    }
    const text = `${completed} completed, ${failed} failed, ${released} handed back, ${dropped} dropped`;
    this.#log({ kind: "finished", text });
  }

  #log(event: RunnerEvent): void {
    if (event.kind === "trouble") this.#lastErrorAt = Date.now();
    this.#options.log?.(event);
  }
}
