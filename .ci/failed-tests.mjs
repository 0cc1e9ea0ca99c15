// Prints the tests that failed, a line each with the first line of why, from vitest's JSON report.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const { name, message, status, assertionResults } of report.testResults) {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter(({ status }) => status === "failed");
  if (status === "failed" && failed.length === 0) console.log(`${file}: ${firstLine(message)}`);
  for (const { fullName, failureMessages } of failed)
    console.log(`${file}: ${fullName}: ${firstLine(failureMessages[0])}`);
}

function firstLine(text = "") {
  return text.split("\n")[0].slice(0, 300);
}
