import { ArnFormat, Fn, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { SocketName } from "../packages/contracts/src/topology-types.ts";
import type { Names } from "./names.ts";

/** ARNs of things that are known by name, in the account and region of the construct that asks. */
export const tableArn = (scope: Construct, name: string) =>
  Stack.of(scope).formatArn({ service: "dynamodb", resource: "table", resourceName: name });

export const indexArn = (scope: Construct, table: string, index: string) =>
  Stack.of(scope).formatArn({ service: "dynamodb", resource: "table", resourceName: `${table}/index/${index}` });

export const queueArn = (scope: Construct, name: string) =>
  Stack.of(scope).formatArn({ service: "sqs", resource: name });

export const busArn = (scope: Construct, name: string) =>
  Stack.of(scope).formatArn({ service: "events", resource: "event-bus", resourceName: name });

export const parameterArn = (scope: Construct, path: string) =>
  Stack.of(scope).formatArn({ service: "ssm", resource: "parameter", resourceName: path.replace(/^\//, "") });

/** The identities in whose name SES may be asked to send: the address, or its whole domain. */
export const identityArns = (scope: Construct, address: string) =>
  [address, address.slice(address.indexOf("@") + 1)].map((resourceName) =>
    Stack.of(scope).formatArn({ service: "ses", resource: "identity", resourceName }),
  );

/** All connections of a WebSocket API, for sending on them: only API Gateway knows which there are. */
export const connectionsArn = (scope: Construct, names: Names, name: SocketName) =>
  Stack.of(scope).formatArn({
    service: "execute-api",
    resource: Fn.importValue(names.socketApi(name)),
    resourceName: `${name}/POST/@connections/*`,
  });

/** All streams of a log group: a stream's name is known only to the container that writes it. */
export const logStreamsArn = (scope: Construct, group: string) =>
  Stack.of(scope).formatArn({
    service: "logs",
    resource: "log-group",
    resourceName: `${group}:log-stream:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

/** All files under a prefix of a bucket, which may be another account's. */
export const filesArn = (scope: Construct, bucket: string, prefix: string) =>
  Stack.of(scope).formatArn({ service: "s3", region: "", account: "", resource: bucket, resourceName: `${prefix}*` });

export const alarmArn = (scope: Construct, name: string) =>
  Stack.of(scope).formatArn({
    service: "cloudwatch",
    resource: "alarm",
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
