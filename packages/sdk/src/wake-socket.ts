import { type Backoff, backoffMs } from "@omoios/kernel/backoff";
import { type Random, systemRandom } from "@omoios/kernel/random";
import { WebSocket } from "ws";
import type { Bearer } from "./bearer.ts";
import type { BeatReply } from "./heartbeat-numbers.ts";
import { wait } from "./wait.ts";

export interface ListenOptions {
  /** There may be work: the plane said so, or the socket has just opened, and what was said before that is lost. */
  onWake(): void;
  /**
   * Messages for the agent have come, each once at most: one may be lost here, or overtake another. Every answer to a heartbeat has
   * all that are not acknowledged.
   */
  onMessages?(messages: BeatReply["messages"]): void;
  /** Told of each try that failed and each socket that broke. Another one is opened by itself. */
  onTrouble?(failure: unknown): void;
  /** Time between pings; a socket that has not answered by the next one is given up. */
  ping_ms?: number;
  retry?: Backoff;
  random?: Random;
}

/** A wake socket that is opened again whenever it breaks, until it is stopped. */
export interface Listening {
  /** Whether a socket is open now. */
  readonly open: boolean;
  stop(): void;
}

/** The handshake was refused, with this HTTP status. */
export class SocketRefused extends Error {
  override readonly name = "SocketRefused";
  readonly status: number;
  constructor(status: number) {
    super(`The wake socket was refused with ${status}`);
    this.status = status;
  }
}

const HANDSHAKE_MS = 10_000;
/** API Gateway ends a connection that is silent for ten minutes. */
const PING_MS = 60_000;
const RETRY: Backoff = { base_ms: 500, cap_ms: 60_000, jitter: 0.5 };

/**
 * Keeps a wake socket open.
 * @param address where; asked before each connect. `null` where the stage has none: nothing is opened then.
 */
export function keepSocket(
  address: () => Promise<string | null>,
  bearer: Bearer,
  { onWake, onMessages, onTrouble, ping_ms = PING_MS, retry = RETRY, random = systemRandom }: ListenOptions,
): Listening {
  const stopping = new AbortController();
  const { signal } = stopping;
  let held: WebSocket | undefined;

  /** Opens one socket and waits for its end. */
  async function holdOne(url: string): Promise<void> {
    const socket = await connect(url, await bearer.token(signal));
    if (signal.aborted) socket.terminate();
    held = socket;
    const ended = endOf(socket, ping_ms);
    socket.on("message", (data) => {
      const { wake, messages } = said(String(data));
      if (wake === true) onWake();
      if (Array.isArray(messages)) onMessages?.(messages);
    });
    onWake();
    const failure = await ended;
    held = undefined;
    if (failure !== undefined && !signal.aborted) onTrouble?.(failure);
  }

  async function keep(): Promise<void> {
    for (let tries = 0; !signal.aborted; tries++) {
      try {
        const url = await address();
        if (url === null) return;
        await holdOne(url);
        tries = 0;
      } catch (failure) {
        if (signal.aborted) return;
        if (failure instanceof SocketRefused && failure.status === 401) bearer.renew?.(failure);
        onTrouble?.(failure);
      }
      await wait(backoffMs(retry, tries, random), signal).catch(() => undefined);
    }
  }

  void keep();
  return {
    get open() {
      return held?.readyState === WebSocket.OPEN;
    },
    stop() {
      stopping.abort();
      held?.close();
    },
  };
}

function connect(url: string, token: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(url, { headers, handshakeTimeout: HANDSHAKE_MS });
    socket.on("error", reject);
    socket.once("open", () => resolve(socket));
    socket.once("unexpected-response", (request, response) => {
      reject(new SocketRefused(response.statusCode ?? 0));
      request.destroy();
    });
  });
}

/** Pings an open socket until it ends. Gives what broke it; nothing where it was closed in order. */
function endOf(socket: WebSocket, ping_ms: number): Promise<Error | undefined> {
  let answered = true;
  let failure: Error | undefined;
  const pings = setInterval(() => {
    if (!answered) {
      failure = new Error("The wake socket does not answer");
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, ping_ms);
  socket.on("pong", () => {
    answered = true;
  });
  socket.on("error", (error) => {
    failure = error;
  });
  return new Promise((resolve) => {
    socket.once("close", () => {
      clearInterval(pings);
      resolve(failure);
    });
  });
}

/** Anything else that a newer plane may send is left alone. */
function said(text: string): { wake?: unknown; messages?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
