import type { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { FIGURES_NAMESPACE } from "../packages/contracts/src/bounded-figures.ts";

type Statistic = "Average" | "Maximum" | "Sum" | "p95";

const metricOf =
  (namespace: string, dimension: string) =>
  (value: string, metricName: string, statistic: Statistic, period: Duration) =>
    new Metric({ namespace, metricName, dimensionsMap: { [dimension]: value }, statistic, period });

/** A figure of the plane itself, as its sweep tells it. */
export const planeMetric = (
  stage: string,
  metricName: string,
  statistic: Statistic,
  period: Duration,
  label: Record<string, string> = {},
) => new Metric({ namespace: FIGURES_NAMESPACE, metricName, dimensionsMap: { stage, ...label }, statistic, period });

/** Figures that AWS takes of things known by name. */
export const functionMetric = metricOf("AWS/Lambda", "FunctionName");
export const queueMetric = metricOf("AWS/SQS", "QueueName");
export const tableMetric = metricOf("AWS/DynamoDB", "TableName");
export const apiMetric = metricOf("AWS/ApiGateway", "ApiId");
