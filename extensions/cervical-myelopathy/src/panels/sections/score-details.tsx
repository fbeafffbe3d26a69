import type { ScoreRecord } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import { SuccessRateEntry } from './success-rate-entry';

type Scored = Extract<ScoreRecord, { kind: 'score' }>;

/** Ends of the bar: the score leaves this range nowhere in its valid range by much. */
const SCALE = [0.01, 100] as const;

/** The continuous score, closed until the reader opens it: value, its two bands apart, what it hangs on, probability. */
export function ScoreDetails({ score }: { score: ScoreRecord }): React.JSX.Element {
  return (
    <details className="myelon-details" data-score={score.kind}>
      <summary>{WORDS.score.title}</summary>
      {score.kind === 'abstained' ? (
        <div className="myelon-problem">
          <strong>{WORDS.score.none}</strong>
          <ul className="myelon-list">
            {score.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      ) : (
        <Score score={score} />
      )}
      <p className="myelon-quiet">
        {score.modelId} {score.modelVersion}
        {score.modelHash === null ? '' : ` ${score.modelHash.slice(0, 12)}`}
      </p>
    </details>
  );
}

function Score({ score }: { score: Scored }): React.JSX.Element {
  return (
    <>
      <p className="myelon-number">
        {WORDS.score.likelihoodRatio} <strong>{ratio(score.score)}</strong>
      </p>
      <Band of={score.modelBand} value={score.score} words={WORDS.score.byFormula} />
      <Band of={score.rescanBand} value={score.score} words={WORDS.score.byRescan} />
      <p className="myelon-quiet">{WORDS.score.notTogether}</p>
      <p className="myelon-quiet">
        {WORDS.score.repeatabilityFrom} {score.repeatability.source}
      </p>
      <Sensitivity score={score} />
      {score.remarks.map((remark) => (
        <p key={remark} className="myelon-look">
          {remark}
        </p>
      ))}
      <Probability probability={score.probability} />
      <SuccessRateEntry />
    </>
  );
}

function Band({
  of: { low, high },
  value,
  words,
}: {
  of: Scored['modelBand'];
  value: number;
  words: string;
}): React.JSX.Element {
  return (
    <div className="myelon-marker">
      <span className="myelon-number">
        {ratio(low)} to {ratio(high)} {words}
      </span>
      <div className="myelon-marker-bar" aria-hidden="true" title={WORDS.score.scale}>
        <span className="myelon-marker-cut" style={{ left: at(0) }} />
        <span className="myelon-marker-repeat" style={{ left: at(low), right: `calc(100% - ${at(high)})` }} />
        <span className="myelon-marker-value" style={{ left: at(value) }} />
      </div>
    </div>
  );
}

function Sensitivity({ score }: { score: Scored }): React.JSX.Element {
  return (
    <table className="myelon-table">
      <caption>{WORDS.score.likelihoodRatio}</caption>
      <thead>
        <tr>
          <th scope="col">{WORDS.score.whatIf}</th>
          <th scope="col">LR</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{WORDS.score.asMeasured}</th>
          <td className="myelon-number">{ratio(score.score)}</td>
        </tr>
        {score.sensitivity.map((entry) => (
          <tr key={entry.id} data-what-if={entry.id}>
            <th scope="row" className="myelon-wrap">
              {entry.what}
            </th>
            <td className="myelon-wrap">{'score' in entry ? ratio(entry.score) : `– ${entry.missing}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Probability({ probability }: { probability: Scored['probability'] }): React.JSX.Element {
  if ('missing' in probability) return <p className="myelon-quiet">{WORDS.prognosis.noProbability}</p>;
  return (
    <div data-probability>
      <p className="myelon-sentence">{probability.sentence}</p>
      <p>{probability.rescanSentence}</p>
    </div>
  );
}

/** Likelihood ratio of a score, two digits. */
function ratio(score: number): string {
  return String(Number(Math.exp(score).toPrecision(2)));
}

/** Place of a score on the logarithmic bar. */
function at(score: number): string {
  const [low, high] = [Math.log(SCALE[0]), Math.log(SCALE[1])];
  const share = (Math.min(high, Math.max(low, score)) - low) / (high - low);
  return `${String(100 * share)}%`;
}
