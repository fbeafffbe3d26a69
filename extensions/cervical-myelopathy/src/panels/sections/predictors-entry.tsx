import {
  BASELINE_MJOA_FINDING,
  ESTABLISHED_PREDICTORS,
  type ClinicalForm,
  type EstablishedPredictor,
} from '@myelon/prognosis';
import { useState } from 'react';
import { WORDS } from '../../words/en';

type Predictors = ClinicalForm['predictors'];

interface PredictorsEntryProps {
  readonly entered: Predictors;
  readonly onEnter: (predictors: Predictors) => void;
}

/** What large cohorts have found to matter, noted when known. Nothing is computed from it. */
export function PredictorsEntry({ entered, onEnter }: PredictorsEntryProps): React.JSX.Element {
  const enter = (id: EstablishedPredictor['id'], text: string) => {
    const others = Object.fromEntries(Object.entries(entered).filter(([other]) => other !== id));
    const value = Number(text);
    onEnter(text === '' || !(value >= 0) ? others : { ...others, [id]: value });
  };
  return (
    <fieldset className="myelon-confirm">
      <legend>{WORDS.clinical.predictors}</legend>
      <p className="myelon-quiet">{WORDS.clinical.neverCombined}</p>
      <p>
        mJOA: {BASELINE_MJOA_FINDING.finding}{' '}
        <small className="myelon-quiet">{BASELINE_MJOA_FINDING.source}</small>
      </p>
      {ESTABLISHED_PREDICTORS.map((predictor) => (
        <PredictorField
          key={predictor.id}
          predictor={predictor}
          value={entered[predictor.id]}
          onEnter={(text) => {
            enter(predictor.id, text);
          }}
        />
      ))}
    </fieldset>
  );
}

function PredictorField({
  predictor: { id, name, unit, finding, source },
  value,
  onEnter,
}: {
  predictor: EstablishedPredictor;
  value: number | undefined;
  onEnter: (text: string) => void;
}): React.JSX.Element {
  const [text, setText] = useState(value === undefined ? '' : String(value));
  const change = (next: string) => {
    setText(next);
    onEnter(next);
  };
  return (
    <div>
      <label className="myelon-field">
        {name}
        {unit === 'yes or no' ? (
          <select
            data-predictor={id}
            value={text}
            onChange={(event) => {
              change(event.target.value);
            }}
          >
            <option value="">{WORDS.clinical.unknown}</option>
            <option value="1">{WORDS.clinical.yes}</option>
            <option value="0">{WORDS.clinical.no}</option>
          </select>
        ) : (
          <span>
            <input
              type="number"
              min={0}
              data-predictor={id}
              value={text}
              onChange={(event) => {
                change(event.target.value);
              }}
            />{' '}
            {unit}
          </span>
        )}
      </label>
      <small className="myelon-quiet">
        {finding} ({source})
      </small>
    </div>
  );
}
