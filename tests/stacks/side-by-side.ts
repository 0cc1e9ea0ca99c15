import { describe, expect, test } from "vitest";
import { dev, functions_dir, prod } from "./stages.ts";
import { ofType, type Resources, synthesized, text } from "./synthesized.ts";

/** A stage whose name could be read as another's with a thing of it. */
const sibling = synthesized("dev-omoios", functions_dir);

/** What a resource is called in the account: none of these may occur twice in a region. */
const NAMES = /^(Name|\w+Name|AlarmName|Path)$/;
const NO_NAMES_OF_ITS_OWN = ["StageName", "MetricName", "EventBusName", "TableName", "FunctionName", "IndexName"];
const NAMED_BY = new Map([
  ["AWS::DynamoDB::Table", "TableName"],
  ["AWS::Lambda::Function", "FunctionName"],
]);

function namesOf(resources: Resources): string[] {
  return Object.values(resources).flatMap(({ Type, Properties }) =>
    Object.entries(Properties ?? {}).flatMap(([key, value]) => {
      const own = NAMES.test(key) && (!NO_NAMES_OF_ITS_OWN.includes(key) || NAMED_BY.get(Type) === key);
      return own && typeof value === "string" && !value.startsWith("$") ? [`${Type} ${value}`] : [];
    }),
  );
}

describe("stages side by side", () => {
  const all = { dev, prod, "dev-omoios": sibling };

  test("share no name", () => {
    const names = Object.values(all).flatMap(namesOf);
    for (const type of ["DynamoDB::Table", "SQS::Queue", "Lambda::Function", "Events::EventBus", "Logs::LogGroup"]) {
      expect(names.some((name) => name.startsWith(`AWS::${type} `))).toBe(true);
    }
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  test.each(Object.entries(all))("%s has its own name in everything that it calls by one", (stage, resources) => {
    const names = namesOf(resources).map((name) => name.split(" ")[1] ?? "");
    // The first is a log group of an API.
    const own = new RegExp(`^(/aws/vendedlogs/omoios/${stage}/|/aws/lambda/)?(${stage}-omoios-[a-z-]+|api|wake)$`);
    expect(names.filter((name) => !own.test(name))).toEqual([]);
  });

  test.each(Object.entries(all))("%s's things can be told by their tags", (stage, resources) => {
    const tagged = ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::Logs::LogGroup"];
    for (const type of tagged) {
      for (const [, { Properties }] of ofType(resources, type)) {
        expect(Properties.Tags).toContainEqual({ Key: "omoios:stage", Value: stage });
      }
    }
  });

  test("no stage may touch what is another's", () => {
    for (const [stage, resources] of Object.entries(all)) {
      for (const [, role] of ofType(resources, "AWS::IAM::Role")) {
        const statements = role.Properties.Policies.flatMap(
          (policy: { PolicyDocument: { Statement: { Resource: unknown }[] } }) => policy.PolicyDocument.Statement,
        );
        const reached = statements.flatMap(({ Resource }: { Resource: unknown }) => [Resource].flat()).map(text);
        expect(reached.length).toBeGreaterThan(0);
        const own = new RegExp(`[/:<](omoios/${stage}/|${stage}-omoios-)`);
        expect(reached.filter((on: string) => !own.test(on))).toEqual([]);
      }
    }
  });
});
