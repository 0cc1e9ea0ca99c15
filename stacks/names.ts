import type {
  BucketName,
  FunctionName,
  QueueName,
  SecretName,
  SocketName,
  TableName,
} from "../packages/contracts/src/topology-types.ts";

/** SQS allows 80 characters and Lambda 64; the longest name of a function has 18, `omoios` and its hyphens have 8. */
const STAGE = /^[a-z][a-z0-9-]{0,23}$/;

export const STAGE_NAME_RULE =
  "cannot name a stage: use at most 24 lower-case letters, digits and hyphens, a letter first";

export const isStageName = (stage: string) => STAGE.test(stage);

/** What each thing of a stage is called. Stacks find each other's things by these names, so two stages never meet. */
export interface Names {
  stage: string;
  stack(name: string): string;
  table(name: TableName): string;
  queue(name: QueueName): string;
  /** The queue that takes over what a queue's reader could not do. */
  deadLetters(queue: QueueName): string;
  /** The queue that holds where in the stream a reader gave up. */
  streamDeadLetters(reader: FunctionName): string;
  function(name: FunctionName): string;
  /** Bus, archive, topic, dashboard and the like, of which a stage has one. */
  only(name: string): string;
  /** The export that holds the id of a WebSocket API, which AWS gives. */
  socketApi(name: SocketName): string;
  /** The folder of the stage's SSM SecureStrings, with a slash at its end. */
  secrets: string;
  /** The SSM SecureString that an operator puts before the first deployment. */
  secret(name: SecretName): string;
  /** What the stage's files in a bucket begin with. */
  files(name: BucketName): string;
}

/**
 * The names of a stage's things.
 * @throws when the stage's name does not fit into the names of its resources
 */
export function namesOf(stage: string): Names {
  if (!isStageName(stage)) throw new Error(`"${stage}" ${STAGE_NAME_RULE}.`);
  const named = (name: string) => `${stage}-omoios-${name}`;
  return {
    stage,
    stack: named,
    table: named,
    queue: named,
    deadLetters: (queue) => named(`${queue}-dlq`),
    streamDeadLetters: (reader) => named(`${reader}-stream-dlq`),
    function: named,
    only: named,
    socketApi: (name) => named(`${name}-api-id`),
    secrets: `/omoios/${stage}/`,
    secret: (name) => `/omoios/${stage}/${name}`,
    files: (name) => `omoios/${stage}/${name}/`,
  };
}
