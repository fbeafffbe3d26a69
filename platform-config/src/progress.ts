/** Lines for the person who waits: what is being done, one line each. */
export type Progress = (part: string, message: string) => void;

export const printProgress: Progress = (part, message) => {
  console.log(`  ${part.padEnd(9)} ${message}`);
};

/** "3.2 s" since `startMs` (from `performance.now()`). */
export function secondsSince(startMs: number): string {
  return `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
}
