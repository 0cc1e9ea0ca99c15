import { createServer } from "node:net";
import { codeOf } from "./processes.ts";

/** A port of the loopback address that nobody listens on now. */
export function freePort(): Promise<number> {
  return tryPort(0);
}

/** Whether somebody listens on that port of the loopback address. */
export async function isBusy(port: number): Promise<boolean> {
  try {
    await tryPort(port);
    return false;
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") return true;
    throw error;
  }
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(port, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}
