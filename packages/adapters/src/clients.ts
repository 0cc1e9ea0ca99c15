import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";

/** The endpoint counts and not the host of a queue's URL, which an emulator makes up. */
export const sqsClient = () => new SQSClient({ useQueueUrlAsEndpoint: false });
export const eventBridgeClient = () => new EventBridgeClient({});
export const ssmClient = () => new SSMClient({});
