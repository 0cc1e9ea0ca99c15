import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, temporaryFolder } from "./folders.ts";
import { functions_dir } from "./stages.ts";
import { functionNames, ofType, synthesized } from "./synthesized.ts";

const CHOSEN = `  chosen:
    log_retention_days: 5
    log_level: WARN
    api: { rate_per_second: 11, burst: 12 }
    archive_days: 6
    max_waiting_claims: 7
    audit_bucket: our-audit
    traces: { endpoint: "https://collector.example.com", ratio: 0.25 }
    oidc: [{ issuer: "https://login.example.com/", audience: omoios }]
    cloudwatch_alarms: [database-cpu, checkout-*]
    receivers: { ops: { email: ops@example.com }, boss: { email: ops@example.com } }
    memory_mb: { relay: 2048 }
    provisioned_capacity: { state: { read_units: 8, write_units: 9 } }
`;

const folder = temporaryFolder();
mkdirSync(join(folder, "config"));
writeFileSync(
  join(folder, "config", "stages.yaml"),
  readFileSync(join(root, "config", "stages.yaml"), "utf8") + CHOSEN,
);
const chosen = synthesized("chosen", functions_dir, folder);

const [functions, tables] = ["AWS::Lambda::Function", "AWS::DynamoDB::Table"].map((type) =>
  ofType(chosen, type).map(([id, resource]) => ({ id, ...resource.Properties })),
);

describe("what stages.yaml says of a stage is what it gets:", () => {
  test("memory, level of the log, waiting claims, traces and issuers of functions", () => {
    for (const { id, MemorySize, Environment } of functions ?? []) {
      if (functionNames(chosen).get(id) === "relay") expect(MemorySize).toBe(2048);
      expect(Environment.Variables).toMatchObject({
        POWERTOOLS_LOG_LEVEL: "WARN",
        OMOI_MAX_WAITING_CLAIMS: "7",
        OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example.com",
        OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
        OTEL_TRACES_SAMPLER_ARG: "0.25",
        OMOI_OIDC:
          '[{"issuer":"https://login.example.com/","audience":"omoios","scopes_claim":"scope","authority":"WORKER"}]',
      });
    }
  });

  test("the right to write what is exported of the audit, under its own prefix, for the one function that does", () => {
    const roles = ofType(chosen, "AWS::IAM::Role").map(([, { Properties }]) => JSON.stringify(Properties));
    const [writing = "", ...others] = roles.filter((role) => role.includes("s3:"));
    expect(others).toEqual([]);
    expect(writing).toContain("What chosen-omoios-audit-export may do");
    expect(writing.match(/"s3:\w+"/g)).toEqual(['"s3:PutObject"']);
    expect(writing).toContain(":s3:::our-audit/omoios/chosen/audit/*");
    const told = functions?.filter(({ Environment }) => Environment.Variables.OMOI_BUCKET_AUDIT !== undefined) ?? [];
    expect(told.map(({ id }) => functionNames(chosen).get(id))).toEqual(["audit-export"]);
    expect(JSON.stringify(told[0].Environment.Variables.OMOI_BUCKET_AUDIT)).toContain("https://our-audit.s3.");
  });

  test("retention of logs and archive, and the API's throttle", () => {
    for (const [, group] of ofType(chosen, "AWS::Logs::LogGroup")) expect(group.Properties.RetentionInDays).toBe(5);
    expect(ofType(chosen, "AWS::Events::Archive").map(([, { Properties }]) => Properties.RetentionDays)).toEqual([6]);
    const [[, stage] = []] = ofType(chosen, "AWS::ApiGatewayV2::Stage");
    expect(stage?.Properties.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 11, ThrottlingBurstLimit: 12 });
  });

  test("capacity of the table that it names and of its indexes, the other being paid by request", () => {
    const [state, pulse] = ["state", "pulse"].map((name) =>
      tables?.find(({ TableName }) => TableName === `chosen-omoios-${name}`),
    );
    const capacity = { ReadCapacityUnits: 8, WriteCapacityUnits: 9 };
    expect(state.BillingMode).not.toBe("PAY_PER_REQUEST");
    expect(state.ProvisionedThroughput).toEqual(capacity);
    expect(state.GlobalSecondaryIndexes.length).toBeGreaterThan(0);
    for (const index of state.GlobalSecondaryIndexes) expect(index.ProvisionedThroughput).toEqual(capacity);
    expect(pulse.BillingMode).toBe("PAY_PER_REQUEST");
  });

  test("the alarms of others that it names, beside its own", () => {
    const onDefaultBus = ofType(chosen, "AWS::Events::Rule").filter(
      ([, { Properties }]) => Properties.EventPattern && !Properties.EventBusName,
    );
    const heard = onDefaultBus.map(([, { Properties }]) => Properties.EventPattern.detail.alarmName);
    expect(heard).toHaveLength(2);
    expect(heard).toContainEqual(["database-cpu", { wildcard: "checkout-*" }]);
  });

  test("a mail to each address of its receivers", () => {
    const mails = ofType(chosen, "AWS::SNS::Subscription").map(([, { Properties }]) => Properties);
    expect(mails).toEqual([expect.objectContaining({ Protocol: "email", Endpoint: "ops@example.com" })]);
  });
});
