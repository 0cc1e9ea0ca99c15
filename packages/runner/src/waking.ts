import type { Agent } from "@omoios/sdk/agent";
import { wait } from "@omoios/sdk/wait";
import type { Listening, ListenOptions } from "@omoios/sdk/wake-socket";

/** The plane's hints of where work lies may come a moment later than its wake: a claim that finds nothing is made again so much later. */
const LOOK_AGAIN_MS = [500, 1_500] as const;

/** The agent's wake socket, and the pauses between claims that it cuts short. */
export class Waking {
  readonly #told: Pick<ListenOptions, "onMessages" | "onTrouble">;
  #listening: Listening | undefined;
  #woken = false;
  #looks: number[] = [];
  #ring: () => void = () => undefined;

  /** @param told what hears of messages, and of trouble with the socket */
  constructor(told: Pick<ListenOptions, "onMessages" | "onTrouble">) {
    this.#told = told;
  }

  /** Whether the plane can wake the agent now. */
  get held(): boolean {
    return this.#listening?.open === true;
  }

  /** Opens the agent's socket, in place of the one before. */
  hold(agent: Agent): void {
    this.stop();
    this.#listening = agent.listen({ onWake: () => this.#wake(), ...this.#told });
  }

  stop(): void {
    this.#listening?.stop();
    this.#listening = undefined;
  }

  /** Waits so long at most: a wake, also one that came since the last pause, and the signal end it early. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#woken) {
      const rung = new AbortController();
      this.#ring = () => rung.abort();
      const most = Math.min(ms, this.#looks.shift() ?? ms);
      await wait(most, AbortSignal.any([signal, rung.signal])).catch(() => undefined);
    }
    this.#woken = false;
  }

  #wake(): void {
    this.#woken = true;
    this.#looks = [...LOOK_AGAIN_MS];
    this.#ring();
  }
}
