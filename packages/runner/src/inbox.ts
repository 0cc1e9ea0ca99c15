import type { BeatReply } from "@omoios/sdk/heartbeat-numbers";

type Heard = Pick<BeatReply, "stop_tasks" | "messages"> & Partial<Pick<BeatReply, "action">>;

interface InboxOptions {
  onStopTasks: (taskIds: string[], why: string) => void;
  onShutdown: (reason: string) => void;
  log: (text: string) => void;
}

/** What the plane says beside its answers to heartbeats and claims: tasks to stop, messages to acknowledge, an order to leave. */
export class Inbox {
  readonly #options: InboxOptions;
  #acked: number | undefined;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Highest number of the messages read so far. */
  get acked(): number | undefined {
    return this.#acked;
  }

  hear({ stop_tasks, messages, action }: Heard): void {
    if (stop_tasks.length > 0) this.#options.onStopTasks(stop_tasks, "the plane said stop");
    for (const { number, channel, body } of messages) {
      if (number <= (this.#acked ?? 0)) continue;
      this.#acked = number;
      this.#options.log(`${channel}: ${typeof body === "string" ? body : JSON.stringify(body)}`);
    }
    if (action === "shutdown") this.#options.onShutdown("the plane asked the agent to leave");
    if (action === "rotate_key") this.#options.log("the plane asks for a new key: start the agent anew to give it one");
  }

  /** A new agent begins with a new numbering. */
  reset(): void {
    this.#acked = undefined;
  }
}
