import type { AgentBaseline } from "../agent-baseline.ts";
import type { AgentNote } from "./take-reading.ts";

/** Notes of many agents that are read and written together. */
export interface NotePage {
  n: number;
  notes: Readonly<Record<string, AgentNote>>;
  version: number;
}

export interface BaselinePage {
  /** By `<agent_type>#<phase_id>`. */
  baselines: Readonly<Record<string, AgentBaseline>>;
  version: number;
}

/** What is remembered of agents' readings. */
export interface AgentBook {
  read(): Promise<{ pages: NotePage[]; usual: BaselinePage }>;
  /** Both write under the version that was read. Throw `Stale`. */
  savePage(page: NotePage): Promise<void>;
  saveBaselines(page: BaselinePage): Promise<void>;
}

/** A page of 1,000 agents holds 63, of 12 kB. */
export const NOTE_PAGES = 16;

export const pageOfAgent = (agent_id: string): number => Number.parseInt(agent_id.slice(-2), 16) % NOTE_PAGES;
