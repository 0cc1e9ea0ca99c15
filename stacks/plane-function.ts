import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, CfnFunction, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { environmentNames, environmentOf } from "../packages/contracts/src/places.ts";
import { functions } from "../packages/contracts/src/topology.ts";
import type { FunctionName, FunctionRow } from "../packages/contracts/src/topology-types.ts";
import { acknowledge, acknowledgeConnections, acknowledgeFiles, acknowledgeLogStreams } from "./acknowledged.ts";
import { logStreamsArn } from "./arns.ts";
import { builtFolder, receiverSecretsOf } from "./built-functions.ts";
import { placesOf } from "./places.ts";
import type { Stage } from "./plane-stack.ts";
import { statementsOf, writeLogs } from "./rights.ts";
import { traceVariables } from "./settings.ts";

/**
 * A function of the topology with its log group and a role of its own, which allows what its row grants, its log, and `reads`:
 * what Lambda does in its name to feed it.
 */
export function planeFunction(scope: Construct, stage: Stage, name: FunctionName, reads: PolicyStatement[] = []) {
  const row = rowOf(name);
  const { names, settings } = stage;
  const logGroup = new LogGroup(scope, `${name}-log`, {
    logGroupName: logGroupOf(stage, name),
    retention: settings.log_retention_days,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const lambda = new LambdaFunction(scope, name, {
    functionName: names.function(name),
    description: row.purpose,
    runtime: Runtime.NODEJS_22_X,
    architecture: Architecture.ARM_64,
    handler: "index.handler",
    code: Code.fromAsset(builtFolder(stage.functions_dir, name)),
    memorySize: settings.memory_mb[name] ?? row.memory_mb,
    timeout: Duration.seconds(row.timeout_seconds),
    environment: environment(row, stage),
    role: roleOf(scope, stage, row, reads),
    logGroup,
  });
  acknowledge(lambda, "AwsSolutions-L1");
  const resource = lambda.node.defaultChild;
  if (resource instanceof CfnFunction) resource.addMetadata("omoios", { name, entry: row.entry });
  return lambda;
}

const logGroupOf = (stage: Stage, name: FunctionName) => `/aws/lambda/${stage.names.function(name)}`;

function roleOf(scope: Construct, stage: Stage, row: FunctionRow, reads: PolicyStatement[]): Role {
  const log = logGroupOf(stage, row.name);
  const rightful = { ...stage, receiver_secrets: receiverSecretsOf(stage.functions_dir, row.name) };
  const granted = row.may.flatMap((grant) => statementsOf(scope, grant, rightful));
  const role = new Role(scope, `${row.name}-role`, {
    description: `What ${stage.names.function(row.name)} may do`,
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: {
      topology: new PolicyDocument({
        minimize: false,
        statements: [...granted, ...reads, writeLogs(logStreamsArn(scope, log))],
      }),
    },
  });
  acknowledgeLogStreams(role, log);
  for (const grant of row.may) {
    if ("socket" in grant && grant.actions.includes("send")) {
      acknowledgeConnections(role, stage.names.socketApi(grant.socket), grant.socket);
    }
  }
  const { audit_bucket } = stage.settings;
  for (const grant of row.may) {
    if ("bucket" in grant && audit_bucket !== null)
      acknowledgeFiles(role, audit_bucket, stage.names.files(grant.bucket));
  }
  return role;
}

function environment(row: FunctionRow, stage: Stage): Record<string, string> {
  return {
    ...environmentOf(row, placesOf(stage)),
    // Relative to the working directory, which is the folder of the bundle in Lambda and in the emulator of the rehearsal.
    OMOI_CONFIG_DIR: "config",
    [environmentNames.oidc]: JSON.stringify(stage.settings.oidc),
    [environmentNames.privateWebhooks]: String(stage.settings.allow_private_webhooks),
    [environmentNames.waitingClaims]: String(stage.settings.max_waiting_claims),
    ...(row.may.some((grant) => "mail" in grant)
      ? { [environmentNames.mailFrom]: stage.settings.mail_from ?? "" }
      : {}),
    ...traceVariables(stage.settings.traces),
    POWERTOOLS_SERVICE_NAME: row.name,
    POWERTOOLS_LOG_LEVEL: stage.settings.log_level,
  };
}

function rowOf(name: FunctionName): FunctionRow {
  const row = functions.find((row) => row.name === name);
  if (!row) throw new Error(`The topology names the function "${name}" in its wiring, but has no row for it.`);
  return row;
}
