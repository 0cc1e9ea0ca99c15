import * as z from "zod";
import { labels } from "../shapes/alert.ts";
import { time } from "../shapes/common.ts";

export const samplesTaken = z.object({ accepted: z.int() });

/** The last sample of a series. */
export const seriesView = z.object({ metric_name: z.string(), labels, value: z.number(), timestamp: time });

export const pointView = z.object({ timestamp: time, value: z.number() });
