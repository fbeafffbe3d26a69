import {
  countDirections,
  describeGradientTable,
  ivimVerdict,
  tensorVerdict,
  tensorVolumesByRule,
  type GradientTable,
  type Verdict,
} from '@myelon/diffusion';

/** A diffusion series that could serve: its pixels are not needed to judge it. */
export interface InputCandidate {
  /** The caller's own name for it (a Series Instance UID, a file name). */
  readonly key: string;
  /** What a person calls it. */
  readonly name: string;
  readonly gradients: GradientTable;
}

/** Which series serves one model, or why none does. */
export type InputChoice =
  | {
      readonly key: string;
      readonly name: string;
      readonly why: string;
      readonly warnings: readonly string[];
    }
  | { readonly key: null; readonly why: string; readonly whatToDo: string };

export interface JudgedCandidate {
  readonly key: string;
  readonly name: string;
  /** "30 directions b 800, 5 b0". */
  readonly description: string;
  readonly tensor: Verdict;
  readonly ivim: Verdict;
}

export interface ChosenInputs {
  readonly tensor: InputChoice;
  readonly ivim: InputChoice;
  /** Every candidate with what it can serve, in the order given. */
  readonly candidates: readonly JudgedCandidate[];
}

/**
 * Chooses among the diffusion series of a study which serves the tensor and which IVIM; one may serve both. Among
 * series that can serve, the one with the fewest warnings wins, then the one with the most directions (tensor) or
 * distinct b-values (IVIM), then the one with the most volumes, then the first.
 */
export function chooseInputs(candidates: readonly InputCandidate[]): ChosenInputs {
  const judged = candidates.map((candidate) => ({
    ...candidate,
    description: describeGradientTable(candidate.gradients),
    tensor: tensorVerdict(candidate.gradients),
    ivim: ivimVerdict(candidate.gradients),
  }));
  return {
    tensor: choose(judged, 'tensor', distinctDirections, 'directions'),
    ivim: choose(judged, 'ivim', distinctBValues, 'b-values'),
    candidates: judged.map(({ key, name, description, tensor, ivim }) => ({
      key,
      name,
      description,
      tensor,
      ivim,
    })),
  };
}

type Judged = InputCandidate & JudgedCandidate;

function choose(
  judged: readonly Judged[],
  model: 'tensor' | 'ivim',
  merit: (table: GradientTable) => number,
  meritName: string,
): InputChoice {
  const able = judged.flatMap((candidate) => {
    const verdict = candidate[model];
    return verdict.possible ? [{ candidate, warnings: verdict.warnings }] : [];
  });
  const [best] = able.sort(
    (p, q) =>
      p.warnings.length - q.warnings.length ||
      merit(q.candidate.gradients) - merit(p.candidate.gradients) ||
      q.candidate.gradients.count - p.candidate.gradients.count,
  );
  if (!best) return whyNone(judged, model);
  const { key, name, description, gradients } = best.candidate;
  const why =
    able.length === 1
      ? `${description}: the only series that can serve`
      : `${description}: ${String(merit(gradients))} ${meritName}, chosen of ${String(able.length)} series that can serve`;
  return { key, name, why, warnings: best.warnings };
}

function whyNone(judged: readonly Judged[], model: 'tensor' | 'ivim'): InputChoice {
  if (judged.length === 0)
    return {
      key: null,
      why: 'no diffusion series',
      whatToDo: 'choose a study that holds a diffusion series',
    };
  const reasons = judged.flatMap((candidate) => {
    const verdict = candidate[model];
    return verdict.possible ? [] : [{ name: candidate.name, verdict }];
  });
  const several = reasons.length > 1;
  return {
    key: null,
    why: reasons.map(({ name, verdict }) => (several ? `${name}: ${verdict.why}` : verdict.why)).join('; '),
    whatToDo: [...new Set(reasons.map(({ verdict }) => verdict.whatToDo))].join('; '),
  };
}

function distinctDirections(table: GradientTable): number {
  return countDirections(table, tensorVolumesByRule(table));
}

function distinctBValues(table: GradientTable): number {
  return table.shells().length;
}
