import { type App, CfnOutput } from "aws-cdk-lib";
import { HttpApi, HttpMethod, HttpRoute, HttpRouteKey, HttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import { http } from "../packages/contracts/src/doors.ts";
import type { FunctionName } from "../packages/contracts/src/topology-types.ts";
import { accessLog } from "./access-log.ts";
import { acknowledge } from "./acknowledged.ts";
import { FunctionIntegration } from "./function-integration.ts";
import { planeFunction } from "./plane-function.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";

/** One line of JSON for each request. */
const ACCESS_LOG = {
  request_id: "$context.requestId",
  at_ms: "$context.requestTimeEpoch",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  route: "$context.routeKey",
  status: "$context.status",
  bytes: "$context.responseLength",
  took_ms: "$context.responseLatency",
  function_ms: "$context.integrationLatency",
  error: "$context.integrationErrorMessage",
};

/** The HTTP API: routes, throttle, access log, and the functions behind. No origin is allowed by CORS: callers are programs. */
export class ApiStack extends PlaneStack {
  readonly api: HttpApi;

  constructor(app: App, stage: Stage) {
    super(app, stage, "api", "HTTP API");
    this.api = new HttpApi(this, "api", {
      apiName: stage.names.only("api"),
      description: `OmoiOS, ${stage.names.stage}`,
      createDefaultStage: false,
    });
    this.addStage();
    this.addRoutes();
    new CfnOutput(this, "api-url", { value: this.api.apiEndpoint, description: "Where the plane answers" });
    new CfnOutput(this, "api-id", { value: this.api.apiId });
  }

  private addStage(): void {
    const { settings } = this.stage;
    new HttpStage(this, "stage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: settings.api.rate_per_second, burstLimit: settings.api.burst },
      accessLogSettings: accessLog(this, this.stage, "api", ACCESS_LOG),
    });
  }

  private addRoutes(): void {
    const integrations = new Map<FunctionName, FunctionIntegration>();
    for (const row of http) {
      const integration = integrations.get(row.function) ?? this.integrate(row.function);
      integrations.set(row.function, integration);
      const route = new HttpRoute(this, `route ${row.route.replaceAll("/", "-")}`, {
        httpApi: this.api,
        routeKey: routeKey(row.route),
        integration,
      });
      acknowledge(route, "AwsSolutions-APIG4");
    }
  }

  private integrate(name: FunctionName): FunctionIntegration {
    return new FunctionIntegration(`${name}-integration`, this.api, planeFunction(this, this.stage, name));
  }
}

/** Reads `METHOD /path` or `$default`. */
function routeKey(route: string): HttpRouteKey {
  if (route === "$default") return HttpRouteKey.DEFAULT;
  const [verb, path] = route.split(" ");
  const method = Object.values(HttpMethod).find((method) => method === verb);
  if (!method || !path) throw new Error(`The topology's route "${route}" is neither "METHOD /path" nor "$default".`);
  return HttpRouteKey.with(path, method);
}
