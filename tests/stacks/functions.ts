import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { http, sockets } from "../../packages/contracts/src/doors.ts";
import { environmentOf } from "../../packages/contracts/src/places.ts";
import { functions, queueReaders, queues, schedules, streamReaders } from "../../packages/contracts/src/topology.ts";
import { settingsOf } from "../../stacks/settings.ts";
import { root } from "./folders.ts";
import { dev } from "./stages.ts";
import { arn, functionNames, ofType, text } from "./synthesized.ts";

const settings = settingsOf("dev", join(root, "config", "stages.yaml"));
const names = functionNames(dev);

/** The topology's name of the function that a value in a part's template points at. */
const functionAt = (part: string, value: unknown) => names.get(`${part}/${text(value).replace(/[<>]|\.Arn/g, "")}`);
const partOf = (id: string) => id.split("/")[0] ?? "";

const queueUrl = (name: string) => `https://sqs.<AWS::Region>.<AWS::URLSuffix>/<AWS::AccountId>/dev-omoios-${name}`;
const socketHost = "<dev-omoios-wake-api-id>.execute-api.<AWS::Region>.<AWS::URLSuffix>";
const places = {
  stage: "dev",
  region: "any",
  tables: { state: "dev-omoios-state", pulse: "dev-omoios-pulse" },
  queue_urls: Object.fromEntries(queues.map((row) => [row.name, queueUrl(row.name)])) as Parameters<
    typeof environmentOf
  >[1]["queue_urls"],
  bus: "dev-omoios-main",
  receiver_secrets: "/omoios/dev/",
  mail_endpoint: "https://email.<AWS::Region>.<AWS::URLSuffix>/",
  secrets: { "token-keys": "/omoios/dev/token-keys", "audit-keys": "/omoios/dev/audit-keys" },
  sockets: { wake: { url: `wss://${socketHost}/wake`, endpoint: `https://${socketHost}/wake` } },
};

describe("functions", () => {
  test("are those of the topology", () => {
    expect([...names.values()].sort()).toEqual(functions.map((row) => row.name).sort());
  });

  test.each(functions)("$name is what its row says", (row) => {
    const [id] = [...names].find(([, name]) => name === row.name) ?? [""];
    const { Properties, Metadata } = dev[id] ?? {};
    expect(Metadata?.omoios).toEqual({ name: row.name, entry: row.entry });
    expect(Properties).toMatchObject({
      FunctionName: `dev-omoios-${row.name}`,
      MemorySize: row.memory_mb,
      Timeout: row.timeout_seconds,
      Runtime: "nodejs22.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
    });
    const variables = Object.entries(Properties.Environment.Variables).map(([name, value]) => [name, text(value)]);
    const settings =
      /^(POWERTOOLS_|OMOI_CONFIG_DIR$|OMOI_OIDC$|OMOI_PRIVATE_WEBHOOKS$|OMOI_MAX_WAITING_CLAIMS$|OMOI_MAIL_FROM$)/;
    expect(Object.fromEntries(variables.filter(([name = ""]) => !settings.test(name)))).toEqual(
      environmentOf(row, places),
    );
    expect(Object.fromEntries(variables)).toMatchObject({
      POWERTOOLS_SERVICE_NAME: row.name,
      OMOI_CONFIG_DIR: "config",
    });
  });

  test("log to groups whose lines go after the stage's retention", () => {
    const groups = ofType(dev, "AWS::Logs::LogGroup").map(([, group]) => group.Properties);
    for (const row of functions) {
      expect(groups).toContainEqual(expect.objectContaining({ LogGroupName: `/aws/lambda/dev-omoios-${row.name}` }));
    }
    for (const group of groups) expect(group.RetentionInDays).toBe(settings.log_retention_days);
  });
});

describe("mappings", () => {
  const mappings = ofType(dev, "AWS::Lambda::EventSourceMapping").map(([id, { Properties }]) => ({
    ...Properties,
    reader: functionAt(partOf(id), Properties.FunctionName),
    source: text(Properties.EventSourceArn),
  }));

  test("are those of the topology, and each reports partial batch failures", () => {
    expect(mappings).toHaveLength(queueReaders.length + streamReaders.length);
    for (const mapping of mappings) expect(mapping.FunctionResponseTypes).toEqual(["ReportBatchItemFailures"]);
  });

  test.each(queueReaders)("$function reads the queue $queue", (row) => {
    expect(mappings).toContainEqual(
      expect.objectContaining({
        reader: row.function,
        source: arn("sqs", `dev-omoios-${row.queue}`),
        BatchSize: row.batch_size,
      }),
    );
  });

  test.each(streamReaders)("$function reads the stream of $table", (row) => {
    const mapping = mappings.find(({ reader }) => reader === row.function);
    expect(mapping?.source).toContain(`storage:ExportsOutputFnGetAtt${row.table}`);
    expect(mapping).toMatchObject({
      BatchSize: row.batch_size,
      MaximumBatchingWindowInSeconds: row.window_seconds,
      ParallelizationFactor: row.parallel,
      MaximumRetryAttempts: row.retries,
      MaximumRecordAgeInSeconds: row.max_age_seconds,
      BisectBatchOnFunctionError: true,
      StartingPosition: "TRIM_HORIZON",
    });
    const filters = mapping?.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern));
    expect(filters).toEqual(row.filters);
    expect(text(mapping?.DestinationConfig.OnFailure.Destination)).toBe(
      arn("sqs", `dev-omoios-${row.function}-stream-dlq`),
    );
  });
});

describe("schedules and routes", () => {
  test.each(schedules)("$name starts $function", (row) => {
    const found = ofType(dev, "AWS::Events::Rule").filter(([, rule]) => rule.Properties.ScheduleExpression);
    const started = found.map(([id, { Properties }]) => ({
      by: Properties.ScheduleExpression,
      starts: functionAt(partOf(id), Properties.Targets[0].Arn),
      state: Properties.State,
    }));
    expect(started).toContainEqual({ by: row.expression, starts: row.function, state: "ENABLED" });
  });

  const integrations = new Map(
    ofType(dev, "AWS::ApiGatewayV2::Integration").map(([id, { Properties }]) => [id, Properties]),
  );
  /** Routes of a part's API: what leads where. */
  const routesOf = (part: string) =>
    ofType(dev, "AWS::ApiGatewayV2::Route")
      .filter(([id]) => partOf(id) === part)
      .map(([, { Properties }]) => {
        const integration = text(Properties.Target).replace(/^integrations\/<(.*)>$/, "$1");
        return { route: Properties.RouteKey as string, to: integrations.get(`${part}/${integration}`) };
      });

  test("each route leads to the function of its row", () => {
    const routes = routesOf("api").map(({ route, to }) => {
      expect(to?.PayloadFormatVersion).toBe("2.0");
      return { function: functionAt("api", to?.IntegrationUri), route };
    });
    const byRoute = (a: { route: string }, b: { route: string }) => a.route.localeCompare(b.route);
    expect(routes.sort(byRoute)).toEqual([...http].sort(byRoute));
  });

  test("connects and disconnects of a socket lead to the function of its row, and no message does", () => {
    const routes = routesOf("sockets").map(({ route, to }) => {
      const [, called] = /functions\/<(\w+)\.Arn>\/invocations$/.exec(text(to?.IntegrationUri)) ?? [];
      return { route, function: names.get(`sockets/${called}`) };
    });
    const expected = sockets.flatMap((row) =>
      ["$connect", "$disconnect"].map((route) => ({ route, function: row.function })),
    );
    expect(routes).toEqual(expected);
  });

  test("the APIs are throttled, logged, and open to no other origin", () => {
    const stages = ofType(dev, "AWS::ApiGatewayV2::Stage").map(([, stage]) => stage.Properties);
    expect(stages.map(({ StageName }) => StageName).sort()).toEqual(["$default", ...sockets.map((row) => row.name)]);
    for (const stage of stages) {
      expect(stage.DefaultRouteSettings).toEqual({
        ThrottlingRateLimit: settings.api.rate_per_second,
        ThrottlingBurstLimit: settings.api.burst,
      });
      expect(JSON.parse(stage.AccessLogSettings.Format)).toMatchObject({ status: "$context.status" });
    }
    for (const [, api] of ofType(dev, "AWS::ApiGatewayV2::Api"))
      expect(api.Properties.CorsConfiguration).toBeUndefined();
  });
});
