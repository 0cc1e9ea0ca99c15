/** What Lambda itself writes for a call: START, END and REPORT with its figures. */
export const PLATFORM_LOG_BYTES = Buffer.byteLength(
  [
    "START RequestId: 5a2f7e7e-9d3a-4b41-8f3b-2f6b2f3c8a11 Version: $LATEST",
    "END RequestId: 5a2f7e7e-9d3a-4b41-8f3b-2f6b2f3c8a11",
    "REPORT RequestId: 5a2f7e7e-9d3a-4b41-8f3b-2f6b2f3c8a11\tDuration: 23.41 ms\tBilled Duration: 24 ms\tMemory Size: 1024 MB\tMax Memory Used: 131 MB\t",
  ].join("\n"),
);

/** The HTTP API's line for a call, as its stack formats it. */
export const ACCESS_LOG_BYTES = Buffer.byteLength(
  JSON.stringify({
    request_id: "bXv1tjJ9IAMEVxQ=",
    at_ms: "1767607200000",
    ip: "203.0.113.100",
    method: "POST",
    path: "/api/v1/tasks/task_temrk1ym3tbk7z6xxpx4/complete",
    route: "POST /api/v1/tasks/{task_id}/complete",
    status: "200",
    bytes: "912",
    took_ms: "27",
    function_ms: "23",
    error: "-",
  }),
);
