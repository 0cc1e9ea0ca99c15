import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import { scopeFields } from "./scope.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** Each name has one type in every line, so that an index of them never meets a second one. */
class OneTypeEach extends LogFormatter {
  /** What the line says itself goes before what the current work says of itself. */
  override formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    const { logLevel: level, message, timestamp, serviceName: service } = attributes;
    const line = new LogItem({ attributes: { timestamp: this.formatTimestamp(timestamp), level, service, message } });
    return line.addAttributes({ ...scopeFields(), ...additional });
  }

  /** Errors of libraries carry whatever they like; of theirs, only the code is kept. */
  override formatError(error: Error): LogAttributes {
    const { name, message, stack, cause } = error;
    const code = "code" in error ? String(error.code) : undefined;
    return { name, message, code, stack, cause: cause === undefined ? undefined : String(cause) };
  }
}

/**
 * The structured log of the functions: one JSON object a line. Warnings and worse, unless `POWERTOOLS_LOG_LEVEL` says otherwise, as
 * every deployed stage and `npm start` do.
 */
export const logger = new Logger({
  serviceName: "omoios",
  logLevel: levelOf(process.env.POWERTOOLS_LOG_LEVEL),
  logFormatter: new OneTypeEach(),
  jsonReplacerFn: withoutSecrets,
});

function levelOf(name: string | undefined) {
  const level = name?.toUpperCase();
  return level === "DEBUG" || level === "INFO" || level === "ERROR" ? level : "WARN";
}
