/** One row of the table: a goal, what was measured for it in this run, and whether that reaches it. */
export interface Goal {
  readonly area: string;
  readonly goal: string;
  readonly measured: string;
  /** null for a mere comparison, and where a peer or data to compare with is missing. */
  readonly met: boolean | null;
  /** The figures behind {@link measured}, for the JSON. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Speed of one method of one program, in this run. */
export interface Speed {
  readonly name: string;
  /** Voxels per second of CPU time, on one thread. */
  readonly voxelsPerSecond: number;
}

export interface Findings {
  readonly goals: readonly Goal[];
  readonly speeds: readonly Speed[];
}

/** A goal that cannot be judged here, and why. */
export function unmeasured(area: string, goal: string, why: string): Goal {
  return { area, goal, measured: `not measured: ${why}`, met: null, figures: {} };
}

export function together(parts: readonly Findings[]): Findings {
  return { goals: parts.flatMap(({ goals }) => goals), speeds: parts.flatMap(({ speeds }) => speeds) };
}

const VERDICTS = { true: 'met', false: 'NOT MET', null: '-' } as const;

export function asText({ goals, speeds }: Findings): string {
  const width = (of: (goal: Goal) => string): number => Math.max(...goals.map((goal) => of(goal).length));
  const [area, goal] = [width((row) => row.area), width((row) => row.goal)];
  const rows = goals.map((row) => {
    const verdict = VERDICTS[String(row.met) as keyof typeof VERDICTS];
    return `${verdict.padEnd(8)} ${row.area.padEnd(area)}  ${row.goal.padEnd(goal)}  ${row.measured}`;
  });
  const rates = speeds.map(
    ({ name, voxelsPerSecond }) =>
      `${Math.round(voxelsPerSecond).toLocaleString('en').padStart(12)}  ${name}`,
  );
  return [...rows, '', 'voxels per second of CPU time on one core:', ...rates].join('\n');
}
