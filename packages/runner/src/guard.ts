import { spawn } from "node:child_process";

/**
 * Waits for the runner's end at the other end of a pipe. "done" is a clean one. A pipe that closes without it means that the runner was
 * killed: then everything that carries one of its markers is told to end, and killed two seconds later, until a look finds nobody.
 */
const SCRIPT = `
read -r word
[ "$word" = done ] && exit 0
members() {
  if [ -r /proc/self/environ ]; then
    for file in /proc/[0-9]*/environ; do
      if tr '\\0' '\\n' < "$file" | grep -q "^OMOI_RUN=$1"; then pid=\${file#/proc/}; echo "\${pid%/environ}"; fi
    done
  else
    ps -axEww -o pid=,command= | grep "[O]MOI_RUN=$1" | awk '{ print $1 }'
  fi
}
kill -TERM $(members "$1")
sleep 2
tries=0
while [ $tries -lt 50 ]; do
  found=$(members "$1")
  [ -z "$found" ] && exit 0
  kill -KILL $found
  tries=$((tries + 1))
done
`;

export interface Guard {
  /** Lets the guard go: the runner has ended its attempts itself. */
  dismiss(): void;
}

/** Starts a small shell in a session of its own that outlives the runner and ends its attempts if the runner is killed (SIGKILL). */
export function startGuard(runnerId: string): Guard {
  const shell = spawn("/bin/sh", ["-c", SCRIPT, "omoi-guard", `${runnerId}.`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    env: { PATH: process.env.PATH },
  });
  // The guard is a second net: a runner that cannot have it still ends its own attempts.
  shell.on("error", () => undefined);
  shell.stdin.on("error", () => undefined);
  shell.unref();
  return { dismiss: () => void shell.stdin.end("done\n") };
}
