import { type App, CfnOutput, Stack } from "aws-cdk-lib";
import {
  WebSocketApi,
  WebSocketIntegrationType,
  WebSocketRoute,
  WebSocketRouteIntegration,
  type WebSocketRouteIntegrationConfig,
  WebSocketStage,
} from "aws-cdk-lib/aws-apigatewayv2";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { sockets } from "../packages/contracts/src/doors.ts";
import type { SocketRow } from "../packages/contracts/src/topology-types.ts";
import { accessLog } from "./access-log.ts";
import { acknowledge } from "./acknowledged.ts";
import { planeFunction } from "./plane-function.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";

/** One line for each connect and disconnect. The query is not in it, nor is a header: no token gets into the log. */
const ACCESS_LOG = {
  request_id: "$context.requestId",
  at_ms: "$context.requestTimeEpoch",
  ip: "$context.identity.sourceIp",
  connection: "$context.connectionId",
  event: "$context.eventType",
  route: "$context.routeKey",
  status: "$context.status",
  function_ms: "$context.integrationLatency",
  error: "$context.integrationErrorMessage",
};

/** The WebSocket APIs: agents hold them open, and are told over them that there is work. */
export class SocketsStack extends PlaneStack {
  constructor(app: App, stage: Stage) {
    super(app, stage, "sockets", "WebSocket API");
    for (const row of sockets) this.addApi(row);
  }

  private addApi(row: SocketRow): void {
    const { names, settings } = this.stage;
    const webSocketApi = new WebSocketApi(this, `${row.name}-api`, {
      apiName: names.only(row.name),
      description: `OmoiOS, ${names.stage}: ${row.purpose}`,
    });
    const integration = new SocketIntegration(row.name, webSocketApi, planeFunction(this, this.stage, row.function));
    for (const routeKey of ["$connect", "$disconnect"]) {
      const route = new WebSocketRoute(this, `${row.name} ${routeKey}`, { webSocketApi, routeKey, integration });
      acknowledge(route, "AwsSolutions-APIG4");
    }
    const { url } = new WebSocketStage(this, `${row.name}-stage`, {
      webSocketApi,
      stageName: row.name,
      autoDeploy: true,
      throttle: { rateLimit: settings.api.rate_per_second, burstLimit: settings.api.burst },
      accessLogSettings: accessLog(this, this.stage, row.name, ACCESS_LOG),
    });
    new CfnOutput(this, `${row.name}-id`, { value: webSocketApi.apiId, exportName: names.socketApi(row.name) });
    new CfnOutput(this, `${row.name}-url`, { value: url, description: row.purpose });
  }
}

/** The function behind the routes of one API, with one permission for both. */
class SocketIntegration extends WebSocketRouteIntegration {
  private readonly uri: string;

  constructor(id: string, api: WebSocketApi, target: LambdaFunction) {
    super(`${id}-integration`);
    const { partition, region } = Stack.of(api);
    this.uri = `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${target.functionArn}/invocations`;
    target.addPermission("socket", {
      principal: new ServicePrincipal("apigateway.amazonaws.com"),
      sourceArn: Stack.of(api).formatArn({ service: "execute-api", resource: api.apiId, resourceName: "*/*" }),
    });
  }

  override bind(): WebSocketRouteIntegrationConfig {
    return { type: WebSocketIntegrationType.AWS_PROXY, uri: this.uri };
  }
}
