// Runs in a fresh process, without a loader, as Lambda does: imports a bundle, calls it once, and prints how long both took together.
const [, , bundle, event] = process.argv;
const started = performance.now();
const { handler } = await import(bundle);
const answer = await handler(JSON.parse(event), { awsRequestId: "cold", getRemainingTimeInMillis: () => 30_000 });
const took_ms = performance.now() - started;
process.stdout.write(`\n${JSON.stringify({ took_ms, answer: answer ?? null })}\n`);
process.exit(0);
