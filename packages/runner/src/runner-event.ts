/** Something that the runner did or met, for people to read and for machines to filter. */
export interface RunnerEvent {
  kind:
    | "registered"
    | "resumed"
    | "claimed"
    | "progress"
    | "completed"
    | "failed"
    | "released"
    | "dropped"
    | "message"
    | "rotated"
    | "trouble"
    | "finished";
  task_id?: string;
  text: string;
}

/** What came of the tasks that a run took. `dropped`: the plane had given them away, or judged them itself. */
export interface RunSummary {
  claimed: number;
  completed: number;
  failed: number;
  released: number;
  dropped: number;
}
