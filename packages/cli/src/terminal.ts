import { SingleBar } from 'cli-progress';

/** Where a command speaks: results to stdout, everything else to stderr. */
export interface Terminal {
  /** A line of the result. */
  out(line: string): void;
  /** A line for the person watching. */
  note(line: string): void;
  /** Starts a bar on stderr; on anything but a terminal it stays silent. */
  progress(task: string): ProgressBar;
}

export interface ProgressBar {
  /** @param fraction done part, 0 to 1 */
  update(fraction: number): void;
  end(): void;
}

export function processTerminal(): Terminal {
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
    progress: (task) =>
      process.stderr.isTTY ? shownBar(task) : { update: () => undefined, end: () => undefined },
  };
}

function shownBar(task: string): ProgressBar {
  const bar = new SingleBar({
    format: `${task} [{bar}] {percentage} % | {eta_formatted} left`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0);
  return {
    update: (fraction) => {
      bar.update(fraction);
    },
    end: () => {
      bar.stop();
    },
  };
}

/** Runs work under a progress bar, which goes away however the work ends. */
export async function withProgress<Value>(
  terminal: Terminal,
  task: string,
  work: (onProgress: (fraction: number) => void) => Promise<Value>,
): Promise<Value> {
  const bar = terminal.progress(task);
  try {
    return await work((fraction) => {
      bar.update(fraction);
    });
  } finally {
    bar.end();
  }
}
