import type { Webhooks } from "@omoios/adapters/messaging/webhooks";
import type { Post } from "@omoios/domain/agents/sockets";
import type { Chance } from "../chance.ts";
import type { Process } from "../processes.ts";
import type { Trace } from "../trace.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { Faults } from "./faults.ts";

/** What an agent's webhook is told of a task that was pushed to it. */
export interface Assignment {
  task_id: string;
  fence: number;
}

/** The plane's ways to its agents, the sockets that they hold and their webhooks: what goes over them may be lost, doubled or late. */
export interface AgentWays {
  /** Opens a socket and gives its connection's id; whoever is told of work over it calls `woken`. */
  connect(woken: () => void): string;
  /** The socket dies. Whoever uses it is answered that it is gone. */
  hangUp(connection_id: string): void;
  /** Hears what is sent to the url, from now on. */
  listen(url: string, heard: (assignment: Assignment) => void): void;
  post(process: Process): Post;
  webhooks(process: Process): Webhooks;
}

interface WayParts {
  time: VirtualTime;
  chance: Chance;
  faults: Faults;
  trace: Trace;
}

export function agentWays({ time, chance, faults, trace }: WayParts): AgentWays {
  const sockets = new Map<string, () => void>();
  const listeners = new Map<string, (assignment: Assignment) => void>();
  let connections = 0;

  /** Carries something there and its answer back, to a process that lives. */
  const carry = async <T>(process: Process, what: string, arrive: () => T, lost: () => T): Promise<T> => {
    await time.sleep(chance.between(1, 40));
    const fault = faults.ofMessage();
    trace.note(`${time.now()} ${process.name} ${what} ${fault ?? "arrives"}`);
    if (fault === "late") await time.sleep(chance.between(500, 30_000));
    const answer = fault === "lost" ? lost() : arrive();
    if (fault === "doubled") arrive();
    await time.sleep(chance.between(1, 40));
    return new Promise((resolve) => {
      // Nothing goes on in a process that died meanwhile.
      if (!process.dead) resolve(answer);
    });
  };

  return {
    connect(woken) {
      const connection_id = `connection-${connections++}`;
      sockets.set(connection_id, woken);
      return connection_id;
    },
    hangUp: (connection_id) => void sockets.delete(connection_id),
    listen: (url, heard) => void listeners.set(url, heard),

    post: (process) => (connection_id) => {
      const wake = () => {
        sockets.get(connection_id)?.();
        return sockets.has(connection_id) ? ("sent" as const) : ("gone" as const);
      };
      return carry(process, `wakes ${connection_id}`, wake, () => "sent" as const);
    },

    webhooks: (process) => ({
      faultOf: () => undefined,
      newSecret: () => "whsec_simulated",
      async send({ url }, { data }) {
        const hear = () => {
          listeners.get(url)?.(data as unknown as Assignment);
          return true;
        };
        const taken = await carry(process, `pushes ${String(data.task_id)} to ${url}`, hear, () => false);
        if (!taken) throw new Error(`${url} did not take it`);
      },
    }),
  };
}
