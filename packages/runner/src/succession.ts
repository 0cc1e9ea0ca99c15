import { backoffMs } from "@omoios/kernel/backoff";
import { systemRandom } from "@omoios/kernel/random";
import { isPassing } from "@omoios/sdk/retry";
import type { RunnerEvent } from "./runner-event.ts";
import type { RunningAttempts } from "./running-attempts.ts";
import { isAgentEnded, type Session } from "./session.ts";
import { wordsOf } from "./words.ts";

interface SuccessionOptions {
  session: Session;
  attempts: RunningAttempts;
  /** Raised when the run ends: nobody comes back then. */
  stopped: AbortSignal;
  stop: (reason: string) => void;
  /** Another agent begins. */
  onAnother: () => void;
  pause: (ms: number) => Promise<void>;
  log: (event: RunnerEvent) => void;
}

/** Of the 20 s that an agent has to leave, and of the 10 s until it is restarted, so much is its commands'; the rest is for the last words. */
const LEAVE_MS = 12_000;
const RESTART_MS = 6_000;
const PAUSE_BETWEEN_TRIES = { base_ms: 1_000, cap_ms: 20_000, jitter: 0.25 };

/** How one agent of a runner follows another: in place of one that the plane has ended, or as the replacement of one that it restarts. */
export class Succession {
  readonly #options: SuccessionOptions;
  #underWay: Promise<void> | undefined;
  #leaves = false;
  #fatal: unknown;

  constructor(options: SuccessionOptions) {
    this.#options = options;
  }

  /** Whether the agent is on its way out: what it still gets is handed back. */
  get leaves(): boolean {
    return this.#leaves;
  }

  /** The refusal after which there was no other agent. */
  get fatal(): unknown {
    return this.#fatal;
  }

  /** The plane has ended the agent and given its tasks away: they are ended here, and a new agent takes its place. */
  ended(): Promise<void> {
    this.#options.attempts.stop({ why: "lease_lost", text: "the plane ended the agent" });
    return this.#once(() => this.#replace());
  }

  /** The plane told the agent to leave: for good, or where it is restarted, to come back as its own replacement. */
  told(): void {
    void this.#once(() => this.#leave());
  }

  /** When nothing of this is under way. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  #once(work: () => Promise<void>): Promise<void> {
    this.#underWay ??= work().finally(() => {
      this.#underWay = undefined;
      this.#leaves = false;
    });
    return this.#underWay;
  }

  async #leave(): Promise<void> {
    const { session, attempts, stop, log } = this.#options;
    this.#leaves = true;
    try {
      if (!(await session.isRestarted())) {
        attempts.handBack("the plane asked the agent to leave", LEAVE_MS);
        return stop("the plane asked the agent to leave");
      }
      log({ kind: "message", text: "the plane restarts the agent" });
      attempts.handBack("the plane restarts the agent", RESTART_MS);
      await attempts.allEnded();
      await session.end("restarted");
    } catch (failure) {
      log({ kind: "trouble", text: wordsOf(failure) });
      // The order comes again with the next beat.
      if (!isAgentEnded(failure)) return;
      attempts.stop({ why: "lease_lost", text: "the plane ended the agent" });
    }
    await this.#replace();
  }

  async #replace(): Promise<void> {
    const { session, stopped, stop, onAnother, pause, log } = this.#options;
    for (let tries = 0; !stopped.aborted; tries += 1) {
      try {
        const registered = await session.replace();
        onAnother();
        log(registered);
        return;
      } catch (failure) {
        log({ kind: "trouble", text: wordsOf(failure) });
        if (!isPassing(failure)) {
          this.#fatal = failure;
          stop("the plane takes no replacement for the agent");
          return;
        }
        await pause(backoffMs(PAUSE_BETWEEN_TRIES, tries, systemRandom));
      }
    }
  }
}
