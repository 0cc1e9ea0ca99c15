import { parseArgs } from "node:util";
import { CsvError } from "./errors.js";
import { fromObjects, toObjects } from "./objects.js";
import { parse } from "./parse.js";
import { stringify } from "./stringify.js";

const USAGE = `Usage: plaincsv COMMAND [FILE] [OPTIONS]

Commands:
  to-json     read CSV, write a JSON array of objects
  from-json   read a JSON array of objects, write CSV

Without FILE it reads standard input.

Options:
  --delimiter C   the character between fields (,)
  --quote C       the character around fields (")
  --help          this page
`;

const COMMANDS = { "to-json": toJson, "from-json": fromJson };

/**
 * The command, apart from the process that it runs in.
 * @param {string[]} args
 * @param {(file: string | undefined) => string} read gives the text of a file, or of standard input
 * @returns {{status: 0 | 1 | 2, stdout: string, stderr: string}} status 1: the input is not valid, 2: wrong use
 */
export function run(args, read) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        delimiter: { type: "string" },
        quote: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    return wrongUse(error.message);
  }
  const { values, positionals } = parsed;
  if (values.help) return { status: 0, stdout: USAGE, stderr: "" };
  const [name, file] = positionals;
  if (!Object.hasOwn(COMMANDS, name ?? "")) return wrongUse(name ? `unknown command ${name}` : "no command given");
  try {
    return { status: 0, stdout: COMMANDS[name](read(file), values), stderr: "" };
  } catch (error) {
    if (error instanceof CsvError || error instanceof SyntaxError || error.code === "ENOENT") {
      return { status: 1, stdout: "", stderr: `plaincsv: ${error.message}\n` };
    }
    throw error;
  }
}

function toJson(text, values) {
  const rows = parse(text, dialectOf(values));

  const objects = toObjects(rows);

  return `${JSON.stringify(objects, null, 2)}\n`;
}

function fromJson(text, values) {
  const objects = JSON.parse(text);
  if (!Array.isArray(objects)) throw new CsvError("the JSON text is not an array of objects");
  return stringify(fromObjects(objects), dialectOf(values));
}

/** Leaves out what was not given, so that the defaults hold. */
function dialectOf({ delimiter, quote }) {
  return { ...(delimiter !== undefined && { delimiter }), ...(quote !== undefined && { quote }) };
}

function wrongUse(message) {
  return { status: 2, stdout: "", stderr: `plaincsv: ${message}\n\n${USAGE}` };
}
