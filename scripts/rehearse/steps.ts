/** Runs the steps of a rehearsal one after another, and keeps how long each took, in seconds, by its name with underscores. */
export class Steps {
  readonly seconds: Record<string, number> = {};
  private readonly began = performance.now();

  async take<T>(name: string, run: () => Promise<T>): Promise<T> {
    const began = performance.now();
    process.stdout.write(`${name} …`);
    try {
      return await run();
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
    } finally {
      const seconds = since(began);
      this.seconds[name.replaceAll(" ", "_")] = seconds;
      console.log(` ${seconds} s`);
    }
  }

  whole(): number {
    return since(this.began);
  }
}

const since = (began: number) => rounded((performance.now() - began) / 1000);

export const rounded = (n: number) => Math.round(n * 10) / 10;
