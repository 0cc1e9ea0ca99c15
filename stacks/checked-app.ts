import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";

/**
 * An app whose synthesis fails on a finding, be it a warning: of the CDK's validator of templates (switched off by `CDK_VALIDATION=false`, where
 * its ten seconds matter), of the constructs' own warnings, and of cdk-nag's AwsSolutions rules. It needs no account.
 */
export function checkedApp(out_dir: string): App {
  const app = new App({
    outdir: out_dir,
    analyticsReporting: false,
    context: {
      "@aws-cdk/core:validateAgainstDefaultRules": true,
      "@aws-cdk/core:strictCfnValidateErrors": true,
      "@aws-cdk/core:failSynthOnValidationErrors": true,
      "@aws-cdk/core:annotationsInValidationReport": true,
    },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
