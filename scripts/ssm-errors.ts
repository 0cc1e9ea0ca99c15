import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** What `GetParameter` is refused with: functions call nothing else of SSM. */
const KEPT = [
  "SSMServiceException",
  "InternalServerError",
  "InvalidKeyId",
  "ParameterNotFound",
  "ParameterVersionNotFound",
];
const ERROR = /^export var (\w+)\$ = \[-3,[^;]*\];\n\w+_registry\.registerError\(\1\$, \1\);\n/gm;

/**
 * The SSM client registers the errors of all its operations as it loads, so that no bundler can leave their classes and schemas out:
 * 55 KiB in each bundle. Here only the errors of `GetParameter` are. Another error keeps its name and message, and is of no class.
 */
export const ssmErrors: Plugin = {
  name: "ssm-errors",
  setup({ onLoad }) {
    onLoad({ filter: /client-ssm[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ }, async ({ path }) => {
      const whole = await readFile(path, "utf8");
      const contents = whole.replaceAll(ERROR, (definition, name: string) => (KEPT.includes(name) ? definition : ""));
      if (contents === whole)
        throw new Error(`${path} registers no errors as it did: look at what a bundle keeps of it.`);
      return { contents };
    });
  },
};
