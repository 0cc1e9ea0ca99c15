import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { defaultLimits } from "@omoios/contracts/default-limits";
import { describe, expect, it } from "vitest";

/** The floors of the house: an import only goes down. What shares a floor does not import each other. */
const FLOORS: Readonly<Record<string, number>> = {
  kernel: 1,
  contracts: 2,
  domain: 3,
  sdk: 3,
  adapters: 4,
  runner: 4,
  app: 5,
  functions: 6,
  stacks: 6,
  local: 7,
  simulation: 8,
  cli: 9,
};

/** Imports that go down and are forbidden all the same. */
const NEVER: readonly { of: string; may_not: RegExp; why: string }[] = [
  {
    of: "domain",
    may_not: /^(@aws-sdk|@smithy|hono|sst|aws-cdk|electrodb)/,
    why: "rules are tested without the world",
  },
  { of: "contracts", may_not: /^(node:|@aws-sdk|hono)/, why: "safe in a browser" },
  { of: "kernel", may_not: /^(node:|@aws-sdk|hono)/, why: "safe in a browser" },
  { of: "stacks", may_not: /^@omoios\/(domain|adapters|app|local|cli|runner|sdk)/, why: "the topology is data" },
  {
    of: "stacks",
    may_not: /^[./]+\/packages\/(?!contracts\/|domain\/src\/config\/)/,
    why: "beside the topology, only the reader of configuration",
  },
  { of: "functions", may_not: /^@omoios\/adapters/, why: "handlers see the composition root alone" },
  { of: "sdk", may_not: /^@omoios\/(domain|adapters|app)/, why: "it runs elsewhere" },
  { of: "runner", may_not: /^@omoios\/(domain|adapters|app)/, why: "it runs elsewhere" },
];

/** Rooms of the domain by their floor: a room reacts to one above it through events. */
const ROOMS: Readonly<Record<string, number>> = {
  access: 1,
  agents: 1,
  alerting: 1,
  audit: 1,
  switches: 1,
  monitor: 2,
  tasks: 2,
  tickets: 3,
  watchdog: 3,
  guardian: 3,
};

/** What the world gives and decisions must be given. */
const WORLD = /\bDate\.now\(|\bnew Date\(\)|\brandomUUID\(|\bMath\.random\(|\bprocess\.env\b/;

interface Source {
  file: string;
  place: string;
  text: string;
  imports: string[];
}

function filesUnder(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return ["node_modules", "demo", ".build"].includes(entry.name) ? [] : filesUnder(path);
    return entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts") ? [path] : [];
  });
}

function sourcesOf(place: string, dir: string): Source[] {
  return filesUnder(dir).map((file) => {
    const text = readFileSync(file, "utf8");
    const imports = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
    return { file, place, text, imports };
  });
}

const packages = readdirSync("packages");
const sources = [
  ...packages.flatMap((name) => sourcesOf(name, join("packages", name, "src"))),
  ...["functions", "stacks"].flatMap((name) => sourcesOf(name, name)),
];

/** The package or top folder that an import leads to, if it is one of ours. */
function targetOf({ file, place }: Source, specifier: string): string | undefined {
  const own = /^@omoios\/([a-z]+)/.exec(specifier)?.[1];
  if (own !== undefined || !specifier.startsWith(".")) return own;
  const path = normalize(join(dirname(file), specifier));
  const [top, name] = path.split("/");
  return top === "packages" ? name : (top ?? place);
}

describe("the house", () => {
  it("has a floor for every package", () => {
    expect(packages.filter((name) => FLOORS[name] === undefined)).toEqual([]);
    expect(sources.length).toBeGreaterThan(100);
  });

  it("lets an import only go down", () => {
    const up = sources.flatMap((source) =>
      source.imports
        .map((specifier) => targetOf(source, specifier))
        .filter((target) => target !== undefined && target !== source.place)
        .filter((target) => (FLOORS[target ?? ""] ?? 0) >= (FLOORS[source.place] ?? 0))
        .map((target) => `${source.file} → ${target}`),
    );
    expect(up).toEqual([]);
  });

  it("keeps what is forbidden out", () => {
    const found = NEVER.flatMap(({ of, may_not, why }) =>
      sources
        .filter(({ place }) => place === of)
        .flatMap(({ file, imports }) =>
          imports.filter((specifier) => may_not.test(specifier)).map((specifier) => `${file} → ${specifier} (${why})`),
        ),
    );
    // Hashes are arithmetic: the domain may take them from Node.
    expect(found.filter((line) => !line.startsWith("packages/domain") || !line.includes("node:crypto"))).toEqual([]);
  });

  it("keeps the schemas of answers out of what is deployed", () => {
    const deployed = ["domain", "adapters", "app", "functions"];
    const built = sources.filter(
      ({ place, text }) =>
        deployed.includes(place) && /^import (?!type )[^;]*"@omoios\/contracts\/(views\/[^"]+|replies)"/m.test(text),
    );
    expect(built.map(({ file }) => file)).toEqual([]);
  });

  it("gives decisions their time, chance and environment", () => {
    const taken = sources.filter(
      ({ place, text }) => (place === "domain" || place === "contracts") && WORLD.test(text),
    );
    expect(taken.map(({ file }) => file)).toEqual([]);
  });

  it("lets a room import only rooms below it", () => {
    const roomOf = (path: string) => /^packages\/domain\/src\/([a-z]+)\//.exec(path)?.[1];
    const up = sources
      .filter(({ place }) => place === "domain")
      .flatMap(({ file, imports }) =>
        imports
          .filter((specifier) => specifier.startsWith("."))
          .map((specifier) => ({ from: roomOf(file), to: roomOf(normalize(join(dirname(file), specifier))) }))
          .filter(({ from, to }) => from !== undefined && to !== undefined && from !== to)
          .filter(({ from, to }) => (ROOMS[to ?? ""] ?? 0) > 0 && (ROOMS[to ?? ""] ?? 0) >= (ROOMS[from ?? ""] ?? 9))
          .map(({ from, to }) => `${file}: ${from} → ${to}`),
      );
    expect(up.filter((line) => !line.endsWith("access → agents"))).toEqual([]);
  });

  it("has no circle of files", () => {
    const graph = new Map(
      sources.map(({ file, imports }) => [
        file,
        imports
          .filter((specifier) => specifier.startsWith("."))
          .map((specifier) => normalize(join(dirname(file), specifier))),
      ]),
    );
    expect(circlesIn(graph)).toEqual([]);
  });

  it("has no limit that nothing reads", () => {
    const readers = sources.filter(({ file }) => !file.endsWith("contracts/src/limits.ts")).map(({ text }) => text);
    const names = Object.keys(defaultLimits).filter((name) => !readers.some((text) => text.includes(name)));
    expect(names).toEqual([]);
  });

  it("keeps files short enough to say one thing", () => {
    const long = sources.filter(({ text }) => text.split("\n").length > 250).map(({ file }) => relative(".", file));
    expect(long).toEqual([]);
  });
});

function circlesIn(graph: ReadonlyMap<string, string[]>): string[] {
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    else if (!done.has(file)) {
      for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
      done.add(file);
    }
  };
  for (const file of graph.keys()) walk(file, []);
  return circles;
}
