import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { documentClient } from "@omoios/adapters/dynamodb/client";
import type { Chance } from "../chance.ts";
import type { VirtualTime } from "../virtual-time.ts";
import { type Sender, sendingOn } from "./sending.ts";

/** How the SDK's retries wait: set for each seed, as the clients outlive it. */
interface Retries {
  time: VirtualTime;
  chance: Chance;
}

/** The real AWS clients of one worker: each gives itself for a sender, in whose name it then sends. */
export interface Clients {
  document: For<DynamoDBDocumentClient>;
  sqs: For<SQSClient>;
  bus: For<EventBridgeClient>;
  /** Retries wait in virtual time. */
  retryIn(retries: Retries): void;
}

type For<C> = (sender: Sender) => C;

const MOST_TRIES = 4;

export function makeClients(): Clients {
  let retries: Retries | undefined;
  const settings = {
    endpoint: { protocol: "http:", hostname: "simulated", path: "/" },
    region: "local",
    maxAttempts: MOST_TRIES,
    md5: false as const,
    retryStrategy: strategyOf(() => retries),
  };
  return {
    document: sentFor(documentClient(settings)),
    sqs: sentFor(new SQSClient(settings)),
    bus: sentFor(new EventBridgeClient(settings)),
    retryIn: (given) => {
      retries = given;
    },
  };
}

function sentFor<C extends object>(client: C): For<C> {
  const send = sendingOn(client as never);
  return (sender) => Object.create(client, { send: { value: (command: never) => send(command, sender) } });
}

interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** The SDK decides what to repeat and repeats it; how long it waits is drawn from the seed. */
function strategyOf(retries: () => Retries | undefined) {
  const token = (count: number): Token => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async () => token(0),
    async refreshRetryTokenForRetry(before: Token, { errorType }: { errorType: string }): Promise<Token> {
      const count = before.getRetryCount() + 1;
      const within = retries();
      if (count >= MOST_TRIES || errorType === "CLIENT_ERROR" || within === undefined)
        throw new Error("Not to be repeated");
      await within.time.sleep(within.chance.random() * 50 * 2 ** count);
      return token(count);
    },
    recordSuccess: () => undefined,
  };
}
