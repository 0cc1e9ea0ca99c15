import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings } from "./settings.ts";
import { StartError } from "./start-error.ts";

describe("the arguments of npm start", () => {
  it("have defaults", () => {
    const expected = { port: 4319, data_dir: resolve(".omoi"), config_dir: resolve("config") };
    expect(readSettings([])).toEqual(expected);
  });

  it("are taken as given", () => {
    const given = ["--port", "0", "--data-dir=data", "--config", "packages"];
    expect(readSettings(given)).toEqual({ port: 0, data_dir: resolve("data"), config_dir: resolve("packages") });
  });

  it.each([
    [["--port", "many"], /^--port many is no port: give a number from 0 to 65535\.$/],
    [["--port", "65536"], /^--port 65536 is no port/],
    [["--colour"], /^Unknown option '--colour'\. Usage: npm start -- .*$/],
    [["--port"], /^Option '--port <value>' argument missing\. Usage: .*$/],
    [["extra"], /^Unexpected argument 'extra'\. Usage: .*$/],
    [["--config", "/nowhere"], /^There is no directory \/nowhere: .*--config DIR\.$/],
  ])("%j is refused in one line", (args, message) => {
    const read = () => readSettings(args);
    expect(read).toThrow(StartError);
    expect(read).toThrow(message);
  });
});
