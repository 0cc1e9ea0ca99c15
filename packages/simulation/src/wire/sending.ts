import type { Process } from "../processes.ts";
import type { Wire, WireRequest } from "./wire.ts";

/** Who sends a command, and by which wire. */
export interface Sender {
  process: Process;
  wire: Wire;
}

/** As much of an AWS client as is needed to send its commands. */
interface Client {
  config: object;
  middlewareStack: Stack;
}

interface Stack {
  add(middleware: (next: unknown) => (args: never) => Promise<object>, options: object): void;
  concat(own: unknown): Stack;
  remove(name: string): boolean;
}

interface Command {
  input: object;
  resolveMiddleware(stack: Stack, config: object, options: object): Handle;
}

type Handle = (given: Given) => Promise<{ output: unknown }>;

/** What a command's middlewares hand on to each other. */
interface Given {
  input: object;
  sender: Sender;
}

/** Steps of the SDK that choose endpoints, sign, and write headers and logs, which nobody reads here. */
const UNUSED = [
  "loggerMiddleware",
  "getUserAgentMiddleware",
  "recursionDetectionMiddleware",
  "hostHeaderMiddleware",
  "contentLengthMiddleware",
  "queueUrlMiddleware",
  "endpointV2Middleware",
  "httpAuthSchemeMiddleware",
  "httpSigningMiddleware",
];

/**
 * Sends a client's commands through the SDK's own middlewares: they marshal, serialize, try again and read the answer. Only what would go
 * over the network goes over the sender's wire. `send` of the SDK puts the middlewares together anew for each command, which takes a
 * third of its time; here that happens once for each kind of command.
 */
export function sendingOn(client: Client): (command: Command, sender: Sender) => Promise<unknown> {
  client.middlewareStack.add(
    () =>
      ({ request, sender: { wire, process } }: Given & { request: WireRequest }) =>
        wire(request, process),
    { step: "deserialize", priority: "low", name: "simulatedWire" },
  );
  const stack = lean(client.middlewareStack);
  layOut(client.config);
  const handles = new Map<unknown, Handle>();
  return async (command, sender) => {
    let handle = handles.get(command.constructor);
    if (handle === undefined) {
      handle = handleOf(command, stack, client.config);
      handles.set(command.constructor, handle);
    }
    return (await handle({ input: command.input, sender })).output;
  };
}

/** The stack, without what is not needed in any command's own. */
function lean(stack: Stack): Stack {
  for (const name of UNUSED) stack.remove(name);
  return { ...stack, concat: (own) => lean(stack.concat(own)) };
}

/**
 * Makes V8 keep an object of many members as fields and not as a hash table, as it does with what others inherit from. The SDK copies
 * its settings twice for each request, and so in a tenth of the time.
 */
function layOut(settings: object): void {
  const heir: { endpoint?: unknown } = Object.create(settings);
  const read = () => heir.endpoint;
  for (let times = 0; times < 4; times++) read();
}

/** The document client's commands have one of the plain client within, and hand that on, whatever they are given. */
function handleOf(command: Command, stack: Stack, config: object): Handle {
  const handle = command.resolveMiddleware(stack, config, {});
  return (given) => {
    Object.assign(command, { clientCommand: given });
    return handle(given);
  };
}
