/** The command was called wrongly, or a file given to it is wrong: exit code 2, and the message says what to do. */
export class WrongUse extends Error {
  override readonly name = "WrongUse";
}
