import { type Tracing, untraced } from "@omoios/adapters/telemetry/tracing";
import { systemRandom } from "@omoios/kernel/random";

const off = untraced(systemRandom);

/** What this process records its spans with. */
export const tracing = (): Tracing => off;
