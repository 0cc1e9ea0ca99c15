import type { ClaimedTask } from "@omoios/contracts/views/task";
import type { AgentId, TaskId } from "@omoios/kernel/ids";

/** What an agent says to the plane, under one registration. Each throws `Ended` or `Unheard` where it is not done. */
export interface Voice {
  readonly agent_id: AgentId;
  /** So often it says that it lives: sooner than the plane asks for. */
  readonly beats_every_ms: number;
  beat(held: ReadonlySet<TaskId>): Promise<unknown>;
  /** A task to work on, if there is one. */
  claim(): Promise<ClaimedTask | undefined>;
  /** It is half done. */
  progress(task: ClaimedTask): Promise<unknown>;
  complete(task: ClaimedTask): Promise<unknown>;
}

/** Registers an agent. @param instead_of whom it replaces, where it was asked for */
export type Register = (number: number, instead_of: AgentId | undefined) => Promise<Voice>;

/** The plane has ended this registration. */
export class Ended extends Error {}

/** The plane refused, or did not answer. */
export class Unheard extends Error {}

/** Sooner than the shipped limits ask for, whether an agent works or not. */
export const BEAT_MS = 12_000;
