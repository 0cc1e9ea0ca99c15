/** The plane cannot start for a reason that its user can mend. The message is one line and names the remedy. */
export class StartError extends Error {
  override readonly name = "StartError";
}
