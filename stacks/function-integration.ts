import { Stack } from "aws-cdk-lib";
import {
  type HttpApi,
  HttpIntegrationType,
  HttpRouteIntegration,
  type HttpRouteIntegrationConfig,
  PayloadFormatVersion,
} from "aws-cdk-lib/aws-apigatewayv2";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";

/**
 * A function behind any number of routes of an API, with one permission for all of them: a permission for each route would outgrow
 * the function's policy, which ends at 20 KB.
 */
export class FunctionIntegration extends HttpRouteIntegration {
  private readonly target: LambdaFunction;

  constructor(id: string, api: HttpApi, target: LambdaFunction) {
    super(id);
    this.target = target;
    target.addPermission("api", {
      principal: new ServicePrincipal("apigateway.amazonaws.com"),
      // A route is called as `api/stage/METHOD/path`, but `$default` as `api/stage/$default`: three wildcards would shut it out.
      sourceArn: Stack.of(api).formatArn({ service: "execute-api", resource: api.apiId, resourceName: "*/*" }),
    });
  }

  override bind(): HttpRouteIntegrationConfig {
    return {
      type: HttpIntegrationType.AWS_PROXY,
      uri: this.target.functionArn,
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    };
  }
}
