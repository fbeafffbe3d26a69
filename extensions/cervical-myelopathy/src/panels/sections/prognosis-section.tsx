import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import type { AnalysisRecord, PrognosisRecord } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import type { Confirmations } from '../../reading/reading-state';
import { sliceList } from '../../reading/summaries';
import { useReading, useReadingState } from '../reading-panel';
import { ClinicalFormEntry } from './clinical-form';
import { EvidenceList } from './evidence-list';
import { ScoreDetails } from './score-details';

/**
 * Confirmations first; then measured values against the grey zones, the 2 x 2 sentence, the score (closed), the evidence,
 * the fixed statements; mJOA at any time.
 */
export function PrognosisSection(): React.JSX.Element {
  const { record, compressionSlices } = useReadingState((state) => state.metrics);
  const confirmations = useReadingState((state) => state.confirmations);
  if (record === null || compressionSlices.length === 0) {
    return (
      <div>
        <p className="myelon-quiet">{WORDS.prognosis.waits}</p>
        <ClinicalFormEntry />
      </div>
    );
  }
  const open = confirmations.outline && confirmations.level && confirmations.quality;
  return (
    <div>
      <fieldset className="myelon-confirm">
        <legend>{WORDS.prognosis.locked}</legend>
        <Confirm what="outline" label={WORDS.prognosis.confirmOutline} />
        <Confirm what="level" label={WORDS.prognosis.confirmLevel(sliceList(compressionSlices))} />
        <Confirm what="quality" label={WORDS.prognosis.confirmQuality} />
      </fieldset>
      {open && !isWithheld(record) && <Statement record={record} />}
      <ClinicalFormEntry />
    </div>
  );
}

/** Measured before the last confirmation; the statement is being made. */
function isWithheld({ prognosis }: AnalysisRecord): boolean {
  return prognosis.kind === 'abstained' && prognosis.reasons.includes(WORDS.prognosis.locked);
}

function Confirm({ what, label }: { what: keyof Confirmations; label: string }): React.JSX.Element {
  const { actions } = useReading();
  const checked = useReadingState((state) => state.confirmations[what]);
  return (
    <label className="myelon-check">
      <input
        type="checkbox"
        data-confirm={what}
        checked={checked}
        onChange={(event) => {
          void actions.confirm(what, event.target.checked);
        }}
      />
      {label}
    </label>
  );
}

function Statement({ record: { prognosis, score } }: { record: AnalysisRecord }): React.JSX.Element {
  const hasProbability = score?.kind === 'score' && 'sentence' in score.probability;
  return (
    <div data-prognosis={prognosis.kind}>
      {prognosis.kind === 'abstained' ? (
        <div className="myelon-problem">
          <strong>{WORDS.prognosis.abstained}</strong>
          <ul className="myelon-list">
            {prognosis.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      ) : (
        <>
          <h3>{WORDS.prognosis.measured}</h3>
          <MarkerBar quantity="fa" marker={prognosis.fa} scaleEnd={0.8} />
          <MarkerBar quantity="ivim_f" marker={prognosis.f} scaleEnd={0.2} />
          <p className="myelon-quiet">{WORDS.prognosis.repeatability}</p>
          <h3>{WORDS.prognosis.rule}</h3>
          <p className="myelon-sentence">{prognosis.sentence}</p>
          <p className="myelon-number">
            {WORDS.prognosis.likelihoodRatio} {twoDigits(prognosis.likelihoodRatio.value)} (
            {WORDS.prognosis.interval} {twoDigits(prognosis.likelihoodRatio.low)} to{' '}
            {twoDigits(prognosis.likelihoodRatio.high)})
          </p>
          {!hasProbability && <p className="myelon-quiet">{WORDS.prognosis.noProbability}</p>}
          {prognosis.warnings.map((warning) => (
            <p key={warning} className="myelon-look">
              {warning}
            </p>
          ))}
        </>
      )}
      {score && <ScoreDetails score={score} />}
      <EvidenceList />
      <ul className="myelon-statements">
        {prognosis.statements.map((statement) => (
          <li key={statement}>{statement}</li>
        ))}
      </ul>
      <p className="myelon-quiet">
        {prognosis.modelId} {prognosis.modelVersion}
      </p>
    </div>
  );
}

/** A ratio with the digits it deserves: 7.6, 0.13, 27. */
function twoDigits(ratio: number): string {
  return String(Number(ratio.toPrecision(2)));
}

type Marker = Extract<PrognosisRecord, { kind: 'statement' }>['fa'];

interface MarkerBarProps {
  readonly quantity: QuantityId;
  readonly marker: Marker;
  /** Right end of the bar in the stored unit. */
  readonly scaleEnd: number;
}

/** The measured value on a bar with the cut-off and its grey zone. */
function MarkerBar({ quantity, marker, scaleEnd }: MarkerBarProps): React.JSX.Element {
  const { symbol, shownUnit } = QUANTITIES[quantity];
  const end = Math.max(scaleEnd, marker.value * 1.1);
  const at = (value: number) => `${String((100 * Math.max(0, Math.min(value, end))) / end)}%`;
  const shown = (value: number) =>
    `${formatQuantity(quantity, value)}${shownUnit === '' ? '' : ` ${shownUnit}`}`;
  return (
    <div className="myelon-marker">
      <div className="myelon-row">
        <span className="myelon-number">
          {symbol} <strong>{shown(marker.value)}</strong> {marker.position} {WORDS.prognosis.cutOff}{' '}
          {shown(marker.cutOff)}
        </span>
        {marker.inGreyZone && <span className="myelon-badge">{WORDS.prognosis.inGreyZone}</span>}
      </div>
      <div className="myelon-marker-bar" aria-hidden="true">
        <span
          className="myelon-marker-grey"
          style={{
            left: at(marker.cutOff - marker.greyZone),
            right: `calc(100% - ${at(marker.cutOff + marker.greyZone)})`,
          }}
        />
        <span className="myelon-marker-cut" style={{ left: at(marker.cutOff) }} />
        <span
          className="myelon-marker-repeat"
          style={{
            left: at(marker.value - marker.greyZone),
            right: `calc(100% - ${at(marker.value + marker.greyZone)})`,
          }}
        />
        <span className="myelon-marker-value" style={{ left: at(marker.value) }} />
      </div>
      <small className="myelon-quiet">
        {WORDS.prognosis.greyZone} {shown(marker.cutOff - marker.greyZone)} –{' '}
        {shown(marker.cutOff + marker.greyZone)}
      </small>
    </div>
  );
}
