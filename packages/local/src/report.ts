import { withoutSecrets } from "@omoios/app/observe/without-secrets";

/** Writes an error as one JSON line on standard error, in the form of the handlers' own log. */
export function reporter(part: string): (error: unknown) => void {
  return (error) => {
    const message = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    console.error(
      JSON.stringify(
        { timestamp: new Date().toISOString(), level: "ERROR", service: "omoios", part, message, stack },
        withoutSecrets,
      ),
    );
  };
}
