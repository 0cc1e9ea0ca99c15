import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** Errors by client that bundles know by class: those whose members are read, and that from which all others are made. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  ssm: ["SSMServiceException", "ParameterNotFound"],
  sqs: ["SQSServiceException"],
  dynamodb: ["DynamoDBServiceException", "ConditionalCheckFailedException", "TransactionCanceledException"],
};
const ERROR = /^export var (\w+)\$ = \[-3,[^;]*\];\n\w+_registry\.registerError\(\1\$, \1\);\n/gm;
/** A shape of requests and answers: a value that says how its members are written, and is changed by nobody. */
const SHAPE = /^((?:export )?var \w+\$? = )((?!\[-3,)[^;]*);$/gm;

/**
 * The clients of AWS say of all their operations how requests and answers look, and register the errors of all of them as they load, in a
 * way that no bundler may leave out: 85 KiB in each bundle. Here each shape is marked as one that has no effect, so that those of the
 * operations that are called stay, and errors are no classes but for a few. Each keeps its name and message, and we tell them by their name.
 */
export const sdkSchemas: Plugin = {
  name: "sdk-schemas",
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk[\\/]client-[\w-]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, async ({ path }) => {
      const whole = await readFile(path, "utf8");
      const kept = KEPT[/client-([\w-]+)/.exec(path)?.[1] ?? ""];
      const known = kept === undefined ? whole : withoutErrors(whole, kept, path);
      const contents = known.replaceAll(SHAPE, "$1/* @__PURE__ */ (() => ($2))();");
      if (contents === known)
        throw new Error(`${path} writes shapes in another way: look at what a bundle keeps of it.`);
      return { contents };
    });
  },
};

function withoutErrors(whole: string, kept: readonly string[], path: string): string {
  const fewer = whole.replaceAll(ERROR, (definition, name: string) => (kept.includes(name) ? definition : ""));
  if (fewer === whole) throw new Error(`${path} registers no errors as it did: look at what a bundle keeps of it.`);
  return fewer;
}
