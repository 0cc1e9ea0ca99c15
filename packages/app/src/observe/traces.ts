import { type Tracing, untraced } from "@omoios/adapters/telemetry/tracing";
import { environmentNames } from "@omoios/contracts/places";
import { systemRandom } from "@omoios/kernel/random";
import { logger } from "./logger.ts";

const off = untraced(systemRandom);
let on: Tracing | Promise<Tracing> | undefined;

/** What this process records its spans with: nothing, unless the environment names a collector. Only then is OpenTelemetry loaded. */
export function tracing(): Tracing | Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SDK_DISABLED } = process.env;
  const named = OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  if (!named || OTEL_SDK_DISABLED === "true") return off;
  on ??= openTraces();
  return on;
}

async function openTraces(): Promise<Tracing> {
  try {
    const { otlpTracing } = await import("@omoios/adapters/telemetry/otlp");
    const stage = process.env[environmentNames.stage] ?? "unknown";
    on = otlpTracing({ stage, warn: (reason) => logger.warn("Spans were not sent", { reason }) });
  } catch (error) {
    // Whoever cannot be watched works all the same.
    logger.error("No spans are recorded", { error: error as Error });
    on = off;
  }
  return on;
}

/** Sends what is left before the process ends. */
export const closeTraces = async (): Promise<void> => (await on)?.flush();

/** At the end of an invocation: Lambda may freeze the process there, for minutes or for good. A process that lives on sends by itself. */
export async function endInvocation(): Promise<void> {
  if (on !== undefined && process.env.LAMBDA_TASK_ROOT) await closeTraces();
}
