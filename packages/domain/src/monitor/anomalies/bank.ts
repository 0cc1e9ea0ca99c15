import type { Instant } from "@omoios/kernel/clock";
import type { Watched } from "./watch-series.ts";

/** States of many series that are read and written together. */
export interface Drawer {
  n: number;
  /** By the ids of series. */
  watched: ReadonlyMap<string, Watched>;
  written_at: Instant;
  version: number;
}

export interface DetectorBank {
  /** Every drawer, some requests for thousands of series. */
  load(): Promise<Drawer[]>;
  /** Those of these drawers that there are, up to a moment old: a request for a hundred. */
  read(ns: readonly number[]): Promise<Drawer[]>;
  /** Writes a drawer under the version that was read. Throws `Stale`. */
  save(drawer: Drawer): Promise<void>;
}

/** A drawer of 10,000 series holds 42, of 40 kB. */
export const DRAWERS = 240;
/** Each minute the drawers of one turn are written. */
const TURNS = 15;
/** A series to which more points came has its drawer written before its turn: its row holds 17 at least. One of a point a minute waits for its turn. */
const MOST_STEPS = TURNS;

const MINUTE_MS = 60_000;

export const drawerOf = (series_id: string): number => Number.parseInt(series_id.slice(0, 8), 16) % DRAWERS;

/** Whether a drawer is written now, of which so many points at most came to one series since. */
export function isTurn(n: number, written_at: Instant | undefined, steps: number, now: Instant): boolean {
  if (steps > MOST_STEPS || Math.floor(now / MINUTE_MS) % TURNS === n % TURNS) return true;
  return written_at !== undefined && now - written_at > TURNS * MINUTE_MS;
}
