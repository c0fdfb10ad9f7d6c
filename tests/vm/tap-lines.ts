// How the guest tells what went well: one line for each step, read by the test outside.

/** Runs steps one after the other and prints `ok` or `not ok` with the step's name; a step may need an earlier one. */
export class TapLines {
  #failed = false;

  get allOk(): boolean {
    return !this.#failed;
  }

  async step(name: string, work: () => Promise<void>): Promise<void> {
    const startedMs = performance.now();
    try {
      await work();
      print(`ok - ${name} # ${Math.round(performance.now() - startedMs)} ms`);
    } catch (error) {
      this.#failed = true;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      print(`not ok - ${name}`);
      for (const line of text.split('\n')) print(`#   ${line}`);
    }
  }
}

export interface TapResult {
  readonly name: string;
  readonly ok: boolean;
  /** The lines with `#` that follow it. */
  readonly details: string;
}

/** Reads what {@link TapLines} printed, whatever else is between. */
export function readTapLines(output: string): TapResult[] {
  const results: { name: string; ok: boolean; details: string }[] = [];
  for (const line of output.replaceAll('\r', '').split('\n')) {
    const step = /^(not )?ok - (.*?)(?: # \d+ ms)?$/u.exec(line);
    if (step !== null) results.push({ ok: step[1] === undefined, name: step[2] ?? '', details: '' });
    else if (line.startsWith('#')) {
      const last = results.at(-1);
      if (last !== undefined) last.details += `${line.slice(1)}\n`;
    }
  }
  return results;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
