const KEPT_CHARACTERS = 9_000;

/** The end of a command's output: as many last lines as fit into 9,000 characters. */
export class LastLines {
  #lines: string[] = [];
  #characters = 0;
  #lastError = "";
  #last = "";

  add(line: string, stream: "stdout" | "stderr"): void {
    this.#lines.push(line);
    this.#characters += line.length + 1;
    while (this.#characters > KEPT_CHARACTERS) this.#characters -= (this.#lines.shift() ?? "").length + 1;
    if (line.trim() === "") return;
    this.#last = line.trim();
    if (stream === "stderr") this.#lastError = line.trim();
  }

  text(): string {
    return this.#lines.join("\n").trim();
  }

  /** The line that most likely says what went wrong: the last one on standard error, else the last one. */
  telling(): string {
    return this.#lastError || this.#last;
  }
}
