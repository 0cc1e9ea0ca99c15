import { expect, test } from "vitest";
import { parsePs } from "./process-table.ts";
import { treeMembers } from "./process-tree.ts";

const row = (pid: number, ppid: number, pgid: number, run?: string) => ({ pid, ppid, pgid, run });

test("a tree is what carries the marker, what is in the group, and all their descendants", () => {
  const table = [
    row(10, 1, 10, "a.task.1"),
    row(11, 10, 10), // dropped its environment, stayed in the group
    row(12, 1, 12, "a.task.1"), // left group, session and parent
    row(13, 12, 13), // a child of that one, without marker and group
    row(14, 13, 14),
    row(20, 1, 20, "a.task.2"), // another attempt
    row(30, 1, 30),
  ];
  expect(treeMembers(table, { run: "a.task.1", pgid: 10 }, 99).sort()).toEqual([10, 11, 12, 13, 14]);
});

test("the runner never counts itself in, though it be the child of what it ends", () => {
  expect(treeMembers([row(10, 1, 10, "a.task.1"), row(99, 10, 10)], { run: "a.task.1", pgid: 10 }, 99)).toEqual([10]);
});

test("the list of ps is read with the environment at the end of each command; zombies are left out", () => {
  const list = [
    "  101     1   101 Ss   /bin/sh -c work HOME=/home/ada OMOI_RUN=ab12.task_x.3 TERM=xterm",
    "  102   101   101 S+   node server.js",
    "  103   101   101 Z    (sh)",
  ].join("\n");
  expect(parsePs(list)).toEqual([row(101, 1, 101, "ab12.task_x.3"), row(102, 101, 101, undefined)]);
});
