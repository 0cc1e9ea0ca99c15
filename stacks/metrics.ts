import type { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";

type Statistic = "Average" | "Maximum" | "Sum" | "p95";

const metricOf =
  (namespace: string, dimension: string) =>
  (value: string, metricName: string, statistic: Statistic, period: Duration) =>
    new Metric({ namespace, metricName, dimensionsMap: { [dimension]: value }, statistic, period });

/** Figures that AWS takes of things known by name. */
export const functionMetric = metricOf("AWS/Lambda", "FunctionName");
export const queueMetric = metricOf("AWS/SQS", "QueueName");
export const tableMetric = metricOf("AWS/DynamoDB", "TableName");
export const apiMetric = metricOf("AWS/ApiGateway", "ApiId");
