import type { BusFault } from "@omoios/local/events/bus-faults";
import type { BreakageKind } from "../ground.ts";

/** What the bus of a plane on this machine does when it is told to. */
export interface StageBus {
  /** From now on, for so long, in that share of cases. Throws where the plane does not take it. */
  begin(fault: BusFault, share: number, for_ms: number): Promise<void>;
  /** Events come once and at once again. Says where that could not be told. */
  mend(): Promise<string[]>;
}

export const isBusFault = (kind: BreakageKind): kind is BusFault =>
  kind === "double_events" || kind === "reorder_events";

export function stageBus({ faults_url, api_key }: { faults_url?: string | undefined; api_key: string }): StageBus {
  const begun = new Set<BusFault>();
  const tell = async (fault: BusFault, share: number, seconds: number): Promise<void> => {
    const answer = await fetch(`${faults_url}/${fault}?share=${share}&seconds=${seconds}`, {
      method: "POST",
      headers: { authorization: `Bearer ${api_key}` },
    });
    if (!answer.ok) throw new Error(`The plane does not do ${fault}: ${await answer.text()}`);
  };
  return {
    async begin(fault, share, for_ms) {
      begun.add(fault);
      await tell(fault, share, for_ms / 1000);
    },
    async mend() {
      const ends = [...begun].map((fault) => tell(fault, 0, 0).then(() => [], whyOf(fault)));
      return (await Promise.all(ends)).flat();
    },
  };
}

const whyOf =
  (fault: BusFault) =>
  (error: unknown): string[] => [`${fault}, until its time is over (${error})`];
