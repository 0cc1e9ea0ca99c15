import { type App, Duration } from "aws-cdk-lib";
import { Dashboard, GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { tables } from "../packages/contracts/src/tables.ts";
import { functions, queueReaders, streamReaders } from "../packages/contracts/src/topology.ts";
import type { ApiStack } from "./api.ts";
import { lastQueues } from "./last-queues.ts";
import { apiMetric, functionMetric, planeMetric, queueMetric, tableMetric } from "./metrics.ts";
import { PlaneStack, type Stage } from "./plane-stack.ts";

const EACH = Duration.minutes(1);
const HALF = 12;
const THIRD = 8;
const PRIORITIES = ["CRITICAL", "HIGH", "MEDIUM", "LOW"];
const SEVERITIES = ["info", "warning", "error", "critical"];
const OUTCOMES = ["delivered", "retried", "refused", "gave_up"];

/** One page of CloudWatch: from the door over the table and its stream to the queues. */
export class DashboardStack extends PlaneStack {
  private readonly dashboard: Dashboard;

  constructor(app: App, stage: Stage, api: ApiStack) {
    super(app, stage, "dashboard", "CloudWatch dashboard");
    this.dashboard = new Dashboard(this, "dashboard", { dashboardName: stage.names.only("plane") });
    this.addDoor(api.api.apiId);
    this.addFunctions();
    this.addTables();
    this.addQueues();
    this.addPlane();
  }

  /** What the plane says of itself, while it changes. */
  private addPlane(): void {
    const { stage: name } = this.stage.names;
    const figure = (metric: string, statistic: "Maximum" | "Sum" = "Maximum") =>
      planeMetric(name, metric, statistic, EACH);
    const by = (metric: string, label: string, values: readonly string[], statistic: "Maximum" | "Sum" = "Maximum") =>
      values.map((value) => planeMetric(name, metric, statistic, EACH, { [label]: value }).with({ label: value }));
    this.dashboard.addWidgets(
      graph(
        "Fleet",
        THIRD,
        ["agents_active", "agents_stale", "agents_failed"].map((metric) => figure(metric)),
      ),
      graph("Queued tasks by priority", THIRD, by("tasks_queued_total", "priority", PRIORITIES)),
      graph("Active alerts", THIRD, by("alerts_active", "severity", SEVERITIES)),
      graph(
        "Tasks held, stuck; tickets blocked",
        THIRD,
        ["tasks_running", "tasks_stuck", "tickets_blocked"].map((metric) => figure(metric)),
      ),
      graph(
        "Tasks ended",
        THIRD,
        ["tasks_completed_total", "tasks_failed_total", "tasks_dead_lettered_total"].map((metric) =>
          figure(metric, "Sum"),
        ),
      ),
      graph(
        "Service levels",
        THIRD,
        ["agent_availability_ratio", "task_success_ratio"].map((metric) => figure(metric)),
      ),
      graph("Reads of caches, and those that needed no request", THIRD, [
        figure("cache_reads_total", "Sum"),
        figure("cache_hits_total", "Sum"),
      ]),
      graph("Notifications", THIRD, by("notifications_total", "outcome", OUTCOMES, "Sum")),
    );
  }

  private addDoor(api: string): void {
    this.dashboard.addWidgets(
      graph("Requests and faults", HALF, [
        apiMetric(api, "Count", "Sum", EACH).with({ label: "requests" }),
        apiMetric(api, "4xx", "Sum", EACH).with({ label: "4xx" }),
        apiMetric(api, "5xx", "Sum", EACH).with({ label: "5xx" }),
      ]),
      graph("Answer time, ms", HALF, [
        apiMetric(api, "Latency", "p95", EACH).with({ label: "p95 with gateway" }),
        apiMetric(api, "IntegrationLatency", "p95", EACH).with({ label: "p95 of the function" }),
      ]),
    );
  }

  private addFunctions(): void {
    const each = (metric: string, statistic: "Sum" | "p95") =>
      functions.map((row) => functionMetric(this.stage.names.function(row.name), metric, statistic, EACH));
    this.dashboard.addWidgets(
      graph("Runs", THIRD, each("Invocations", "Sum")),
      graph("Errors and throttles", THIRD, [...each("Errors", "Sum"), ...each("Throttles", "Sum")]),
      graph("Time, p95 ms", THIRD, each("Duration", "p95")),
    );
  }

  private addTables(): void {
    const each = (metric: string) =>
      tables.map((row) => tableMetric(this.stage.names.table(row.name), metric, "Sum", EACH));
    const readers = streamReaders.map((row) => this.stage.names.function(row.function));
    this.dashboard.addWidgets(
      graph("Write units", THIRD, each("ConsumedWriteCapacityUnits")),
      graph("Read units", THIRD, each("ConsumedReadCapacityUnits")),
      graph(
        "Behind the stream, ms",
        THIRD,
        readers.map((name) => functionMetric(name, "IteratorAge", "Maximum", EACH)),
      ),
    );
  }

  private addQueues(): void {
    const { names } = this.stage;
    const each = (metric: string, name: (queue: (typeof queueReaders)[number]["queue"]) => string) =>
      queueReaders.map((row) => queueMetric(name(row.queue), metric, "Maximum", EACH));
    this.dashboard.addWidgets(
      graph("Waiting messages", THIRD, each("ApproximateNumberOfMessagesVisible", names.queue)),
      graph("Oldest message, s", THIRD, each("ApproximateAgeOfOldestMessage", names.queue)),
      graph(
        "Dead letters",
        THIRD,
        lastQueues(names).map((name) => queueMetric(name, "ApproximateNumberOfMessagesVisible", "Maximum", EACH)),
      ),
    );
  }
}

const graph = (title: string, width: number, left: IMetric[]) => new GraphWidget({ title, width, left });
