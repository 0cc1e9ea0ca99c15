import type { RoutingConfig } from "@omoios/domain/alerting/routing-config";
import type { Instant } from "@omoios/kernel/clock";
import { type Listener, listen } from "@omoios/local/http";
import { StartError } from "@omoios/local/start-error";

/** Webhooks of a stage's routing that lie on this machine, where nobody else listens: while they are open, they are the run's own. */
export interface OwnReceivers {
  readonly names: ReadonlySet<string>;
  /** Lets one answer with a status for so long. */
  answer(receiver: string, status: number, for_ms: number): void;
  close(): Promise<void>;
}

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost"]);

const isLoopback = (url: string): boolean => URL.canParse(url) && LOOPBACK.has(new URL(url).hostname);

export async function openReceivers({ receivers }: RoutingConfig, now: () => Instant): Promise<OwnReceivers> {
  const answers = new Map<string, { status: number; until: Instant }>();
  const ports = new Map<string, Map<string, string>>();
  for (const receiver of receivers) {
    if (receiver.type !== "webhook" || receiver.url === undefined || !isLoopback(receiver.url)) continue;
    const { port, pathname } = new URL(receiver.url);
    ports.set(port, (ports.get(port) ?? new Map()).set(pathname, receiver.name));
  }
  const open: Listener[] = [];
  const names = new Set<string>();
  for (const [port, byPath] of ports) {
    const listener = await openAt(Number(port), (path) => {
      const name = byPath.get(path);
      if (name === undefined) return 404;
      const set = answers.get(name);
      return set !== undefined && now() < set.until ? set.status : 200;
    });
    if (listener === undefined) continue;
    open.push(listener);
    for (const name of byPath.values()) names.add(name);
  }
  return {
    names,
    answer: (receiver, status, for_ms) => void answers.set(receiver, { status, until: now() + for_ms }),
    async close() {
      await Promise.all(open.map((listener) => listener.close()));
    },
  };
}

/** `undefined` where somebody else listens there: that one takes what it is sent. */
async function openAt(port: number, statusOf: (path: string) => number): Promise<Listener | undefined> {
  try {
    return await listen(port, (request, response) => {
      request.resume().once("end", () => response.writeHead(statusOf(request.url ?? "/")).end());
    });
  } catch (error) {
    if (error instanceof StartError) return undefined;
    throw error;
  }
}
