import { type Client, createClient } from "@omoios/sdk/client";
import { findPlane, findPlaneAt, type Plane } from "./find-plane.ts";
import type { Part } from "./lists.ts";
import { statusPaint } from "./output/colours.ts";
import { type Column, table } from "./output/table.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is given: the plane, and a place to write that knows whether a person or a machine reads. */
export class Cli {
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly paintStatus: (status: string) => string;

  constructor(terminal: Terminal, json: boolean) {
    this.terminal = terminal;
    this.json = json;
    this.paintStatus = statusPaint(terminal.colours);
  }

  plane(): Promise<Plane> {
    return findPlane(this.terminal.env);
  }

  /** The plane at that address. */
  planeAt(url: string): Promise<Plane> {
    return findPlaneAt(url, this.terminal.env);
  }

  async client(): Promise<Client> {
    return createClient(await this.plane());
  }

  /** The answer: as JSON, in the shape of the API's own reply, or as text for people. */
  show(value: unknown, text: () => string): void {
    this.terminal.out(this.json ? `${JSON.stringify(value, null, 2)}\n` : text());
  }

  /** A list as far as it was asked for; for people also that there is more, and how to see it. */
  showList(part: Part<unknown>, { limit, left = "more" }: { limit: number; left?: string }, text: () => string): void {
    this.show(part, text);
    if (part.more) this.note(`there are ${left}: --limit ${limit * 2}`);
  }

  table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], nothing: string): string {
    return rows.length === 0 ? `${nothing}\n` : table(rows, columns, this.terminal.columns);
  }

  /** A word beside the answer, for people alone. */
  note(text: string): void {
    if (!this.json) this.terminal.err(`${text}\n`);
  }
}
