import { readTraceparent, writeTraceparent } from "@omoios/kernel/trace-context";
import { DiagLogLevel, diag, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { SpanOptions, Tracing } from "./tracing.ts";

export interface OtlpOptions {
  stage: string;
  /** Told when spans could not be sent, at most once a minute. */
  warn(message: string): void;
}

/** How long a collector may take. In Lambda an answer waits for it. */
const TIMEOUT_MS = 2_000;
const WARN_EVERY_MS = 60_000;
const KINDS: Record<SpanOptions["kind"], SpanKind> = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  producer: SpanKind.PRODUCER,
  internal: SpanKind.INTERNAL,
};

/**
 * Records spans by OpenTelemetry and sends them as OTLP over HTTP. Where to, how often and which of them is what the environment says
 * in OpenTelemetry's own names (`OTEL_EXPORTER_OTLP_…`, `OTEL_BSP_…`, `OTEL_TRACES_SAMPLER`); all are sampled unless it says otherwise.
 */
export function otlpTracing({ stage, warn }: OtlpOptions): Tracing {
  let warned_at = Number.NEGATIVE_INFINITY;
  const fault = (message: string) => {
    if (performance.now() - warned_at < WARN_EVERY_MS) return;
    warned_at = performance.now();
    warn(message);
  };
  const ignored = () => undefined;
  const quiet = { info: ignored, debug: ignored, verbose: ignored };
  diag.setLogger(
    { ...quiet, error: fault, warn: fault },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const { OTEL_EXPORTER_OTLP_TIMEOUT: timeout } = process.env;
  const exporter = new OTLPTraceExporter(timeout ? {} : { timeoutMillis: TIMEOUT_MS });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ "service.name": "omoios", "deployment.environment.name": stage }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("omoios");
  return {
    recording: true,
    start(name, { kind, parent, attributes }) {
      const span = tracer.startSpan(name, { kind: KINDS[kind], ...(attributes && { attributes }) }, under(parent));
      const { traceId: trace_id, spanId: span_id, traceFlags } = span.spanContext();
      const sampled = (traceFlags & TraceFlags.SAMPLED) !== 0;
      return {
        traceparent: writeTraceparent({ trace_id, span_id, sampled }),
        end({ name: late, attributes: more, error } = {}) {
          if (late !== undefined) span.updateName(late);
          if (more !== undefined) span.setAttributes(more);
          if (error !== undefined) {
            span.setStatus({ code: SpanStatusCode.ERROR });
            if (error instanceof Error) span.recordException({ name: error.name, message: error.message });
          }
          span.end();
        },
      };
    },
    // What could not be sent was told through the diagnostics.
    flush: () => provider.forceFlush().catch(() => fault("Spans were not taken")),
  };
}

function under(traceparent: string | undefined) {
  const parent = readTraceparent(traceparent);
  if (parent === undefined) return ROOT_CONTEXT;
  const traceFlags = parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId: parent.trace_id,
    spanId: parent.span_id,
    traceFlags,
    isRemote: true,
  });
}
