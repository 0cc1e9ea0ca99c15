import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { makePlane } from "../../stacks/plane.ts";
import { root, temporaryFolder } from "./folders.ts";

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties have a shape of their own for each type
  Properties: any;
  Metadata?: { omoios?: { name: string; entry: string } };
  DeletionPolicy?: string;
}

export type Resources = Readonly<Record<string, Resource>>;

// The validator of templates takes ten seconds; `npm run synth` has it on.
process.env.CDK_VALIDATION = "false";

/** Every resource of a stage's templates, by `<part>/<logical id>`. The settings are those of `config/stages.yaml` under `settings_root`. */
export function synthesized(stage: string, functions_dir: string, settings_root = root): Resources {
  const outdir = temporaryFolder();
  const app = new App({ outdir, analyticsReporting: false });
  makePlane(app, { root: settings_root, stage, functions_dir });
  app.synth();
  const all: Record<string, Resource> = {};
  for (const file of readdirSync(outdir).filter((file) => file.endsWith(".template.json"))) {
    const part = file.slice(`${stage}-omoios-`.length, -".template.json".length);
    const template: { Resources: Resources } = JSON.parse(readFileSync(join(outdir, file), "utf8"));
    for (const [id, resource] of Object.entries(template.Resources)) all[`${part}/${id}`] = resource;
  }
  return all;
}

export const ofType = (resources: Resources, type: string): [string, Resource][] =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);

/** The topology's name of each function, by the logical id that its stack refers to it with, read from the Metadata. */
export function functionNames(resources: Resources): Map<string, string> {
  const named = ofType(resources, "AWS::Lambda::Function").map(
    ([id, resource]) => [id, resource.Metadata?.omoios?.name ?? "without a name"] as const,
  );
  return new Map(named);
}

/**
 * A template's value as text: what is known only at the deployment stands in angle brackets, a reference to a resource as
 * `<id>` or `<id.Attribute>`.
 */
export function text(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) throw new Error(`No text: ${JSON.stringify(value)}`);
  const [[name, argument] = ["", undefined]] = Object.entries(value) as [string, unknown][];
  if (name === "Ref") return `<${argument}>`;
  if (name === "Fn::GetAtt" && Array.isArray(argument)) return `<${argument.join(".")}>`;
  if (name === "Fn::ImportValue") return `<${text(argument)}>`;
  if (name === "Fn::Join" && Array.isArray(argument)) return argument[1].map(text).join(argument[0]);
  throw new Error(`No text: ${JSON.stringify(value)}`);
}

/** The ARN of a thing of this account and region, as `text` writes it. */
export const arn = (service: string, rest: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${rest}`;
