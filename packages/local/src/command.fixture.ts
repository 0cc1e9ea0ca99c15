// A plane for the tests of the command: real processes, emulators and gateway around handlers that only answer.
import { runPlane } from "./command.ts";
import type { Handler } from "./invoke.ts";

const handler: Handler = async (event) => {
  console.log(JSON.stringify({ level: "INFO", message: "called", event }));
  return {
    statusCode: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ pid: process.pid }),
  };
};

await runPlane(process.argv.slice(2), { load: async () => ({ handler }) });
