/**
 * List prices of AWS in us-east-1, on demand, in USD, without free tiers and discounts. From the price list (`aws pricing
 * get-products`, or the pricing page of each service), as of January 2026; `source` names the page.
 */
const PRICES = {
  write_unit: { usd: 0.625e-6, source: "DynamoDB, on-demand write request unit" },
  read_unit: { usd: 0.125e-6, source: "DynamoDB, on-demand read request unit" },
  /** Lambda's own reads of a stream are not billed. */
  stream_read: { usd: 0, source: "DynamoDB Streams, GetRecords by Lambda triggers" },
  table_gb_month: { usd: 0.25, source: "DynamoDB, storage" },
  backup_gb_month: { usd: 0.2, source: "DynamoDB, point-in-time recovery" },
  http_request: { usd: 1.0e-6, source: "API Gateway, HTTP API, first 300 million" },
  lambda_request: { usd: 0.2e-6, source: "Lambda, requests" },
  lambda_gb_second: { usd: 0.0000133334, source: "Lambda, arm64, first 7.5 billion GB-seconds" },
  sqs_request: { usd: 0.4e-6, source: "SQS, standard queue" },
  bus_event: { usd: 1.0e-6, source: "EventBridge, custom events" },
  /** Rules with a schedule on the default bus are not billed. */
  schedule_call: { usd: 0, source: "EventBridge, scheduled rules" },
  log_gb: { usd: 0.5, source: "CloudWatch Logs, ingestion, standard class" },
  log_gb_month: { usd: 0.03, source: "CloudWatch Logs, storage" },
  alarm_month: { usd: 0.1, source: "CloudWatch, alarm of one metric" },
  dashboard_month: { usd: 3, source: "CloudWatch, dashboard" },
} as const;

/** One line of a bill. */
export interface Item {
  what: string;
  count: number;
  usd: number;
}

/** So many of something, at its price. */
export function item(what: string, price: keyof typeof PRICES, count: number): Item {
  return { what, count, usd: count * PRICES[price].usd };
}

export const total = (items: readonly Item[]): number => items.reduce((sum, { usd }) => sum + usd, 0);
