import { readFile } from "node:fs/promises";
import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { Sender } from "@omoios/domain/alerting/deliver";
import type { Clock } from "@omoios/kernel/clock";

/** A value is read again after so long, so that a new one is taken without a deployment. */
const KEPT_MS = 60_000;

export interface ReceiverSecretsOptions {
  /** `file:` and a folder, or the beginning of the names of SSM parameters, each with a slash at its end. */
  place: string;
  clock: Clock;
  /** Called only where they are parameters. */
  ssm: () => SSMClient;
  /** Is told of each name without a value, whenever it is asked for. */
  missing: (name: string) => void;
}

/** Reads the secrets that receivers are configured with. A name without a value is left out; other faults are thrown. */
export function receiverSecrets({ place, clock, ssm, missing }: ReceiverSecretsOptions): Sender["secrets"] {
  const kept = new Map<string, { value: string; at: number }>();
  const read = place.startsWith("file:")
    ? (name: string) => fromFile(`${place.slice("file:".length)}${name}`)
    : (name: string) => fromParameter(ssm(), `${place}${name}`);
  return async (names) => {
    const values = new Map<string, string>();
    for (const name of names) {
      const known = kept.get(name);
      const value = known && clock.now() - known.at < KEPT_MS ? known.value : await read(name);
      if (value === undefined) {
        missing(name);
        continue;
      }
      if (value !== known?.value || clock.now() - known.at >= KEPT_MS) kept.set(name, { value, at: clock.now() });
      values.set(name, value);
    }
    return values;
  };
}

async function fromFile(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function fromParameter(ssm: SSMClient, Name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw error;
  }
}
