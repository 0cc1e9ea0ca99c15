import type { BeatReply } from "@omoios/sdk/heartbeat-numbers";

type Heard = Pick<BeatReply, "stop_tasks" | "messages"> & Partial<Pick<BeatReply, "action">>;

interface InboxOptions {
  onStopTasks: (taskIds: string[], why: string) => void;
  /** The plane orders the agent to leave. */
  onShutdown: () => void;
  /** A message on the channel that ends runners. */
  onStop: (reason: string) => void;
  onRotateKey: () => void;
  log: (text: string) => void;
}

/** Who hears a message on this channel ends. */
const SHUTDOWN = "shutdown";

/** What the plane says beside its answers to heartbeats and claims: tasks to stop, messages to acknowledge, orders to leave or to take a new key. */
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
    for (const message of messages) if (message.number > (this.#acked ?? 0)) this.#read(message);
    if (action === "shutdown") this.#options.onShutdown();
    if (action === "rotate_key") this.#options.onRotateKey();
  }

  /**
   * Messages that came over the socket, where one may be lost: one that does not follow the last one read is left for the answer to a
   * beat, which brings all of them. To acknowledge it would be to acknowledge what was lost.
   */
  hearSocket(messages: Heard["messages"]): void {
    for (const message of messages) if (message.number === (this.#acked ?? 0) + 1) this.#read(message);
  }

  #read({ number, channel, body }: Heard["messages"][number]): void {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    this.#options.log(`${channel}: ${text}`);
    this.#acked = number;
    if (channel === SHUTDOWN) this.#options.onStop(`shutdown: ${text}`);
  }

  /** A new agent begins with a new numbering. */
  reset(): void {
    this.#acked = undefined;
  }
}
