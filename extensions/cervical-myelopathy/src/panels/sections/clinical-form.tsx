import {
  EMPTY_CLINICAL_FORM,
  isNurickGrade,
  mjoaSeverity,
  MJOA_SCALES,
  MJOA_VERSIONS,
  NURICK_GRADES,
  recoveryRate,
  type ClinicalForm,
  type MjoaVersion,
} from '@myelon/prognosis';
import { useId, useState } from 'react';
import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';
import { MjoaEntry } from './mjoa-entry';
import { PredictorsEntry } from './predictors-entry';

/** mJOA before and after in one version, Nurick grades, established predictors; every field reachable by keyboard. */
export function ClinicalFormEntry(): React.JSX.Element {
  const { actions } = useReading();
  const form = useReadingState((state) => state.clinical);
  const [version, setVersion] = useState<MjoaVersion>(
    form.pre?.score.version ?? form.post?.score.version ?? 'mjoa-18',
  );
  // A new key empties the item fields, which hold what is not yet a whole score.
  const [entries, setEntries] = useState(0);
  const enter = (change: Partial<ClinicalForm>) => void actions.enterClinical({ ...form, ...change });
  return (
    <details className="myelon-details" data-clinical>
      <summary>
        {WORDS.clinical.title}
        {form.pre && ` · ${String(form.pre.score.total)}/${String(form.pre.score.maximum)}`}
      </summary>
      <label className="myelon-field">
        {WORDS.clinical.version}
        <select
          value={version}
          data-mjoa-version
          onChange={(event) => {
            const chosen = MJOA_VERSIONS.find((one) => one === event.target.value);
            if (!chosen) return;
            // Points of one version mean nothing in another.
            setVersion(chosen);
            setEntries(entries + 1);
            enter({ pre: null, post: null });
          }}
        >
          {MJOA_VERSIONS.map((one) => (
            <option key={one} value={one}>
              {MJOA_SCALES[one].name}
            </option>
          ))}
        </select>
      </label>
      {(['pre', 'post'] as const).map((when) => (
        <MjoaEntry
          key={`${when} ${String(entries)}`}
          when={when}
          version={version}
          entered={form[when]}
          onEnter={(score) => {
            enter({ [when]: score });
          }}
        />
      ))}
      <Outcome form={form} />
      <NurickEntry form={form} onEnter={enter} />
      <PredictorsEntry
        entered={form.predictors}
        onEnter={(predictors) => {
          enter({ predictors });
        }}
      />
      <button
        type="button"
        onClick={() => {
          setEntries(entries + 1);
          void actions.enterClinical(EMPTY_CLINICAL_FORM);
        }}
      >
        {WORDS.clinical.clear}
      </button>
    </details>
  );
}

function Outcome({ form: { pre, post } }: { form: ClinicalForm }): React.JSX.Element {
  const severity = pre && mjoaSeverity(pre.score);
  const rate = pre && post ? recoveryRate(pre.score, post.score) : null;
  return (
    <div role="status">
      {pre && (
        <p data-severity={severity ?? 'none published'}>
          {WORDS.clinical.before}: {pre.score.total} {WORDS.clinical.of} {pre.score.maximum},{' '}
          {severity === null ? WORDS.clinical.noSeverity : WORDS.clinical.severity[severity]}
        </p>
      )}
      {rate?.kind === 'undefined' && (
        <p data-recovery="undefined">
          {WORDS.clinical.recovery}: – {rate.why} ({WORDS.clinical.points(rate.changePoints)})
        </p>
      )}
      {rate?.kind === 'rate' && (
        <p data-recovery="rate">
          {WORDS.clinical.recovery} {rate.percent.toFixed(0)} %, {WORDS.clinical.bands[rate.band]} (
          {WORDS.clinical.points(rate.changePoints)})
          {rate.remarks.map((remark) => (
            <small key={remark} className="myelon-look">
              {remark}
            </small>
          ))}
        </p>
      )}
    </div>
  );
}

function NurickEntry({
  form,
  onEnter,
}: {
  form: ClinicalForm;
  onEnter: (change: Partial<ClinicalForm>) => void;
}): React.JSX.Element {
  const id = useId();
  return (
    <fieldset className="myelon-confirm">
      <legend>{WORDS.clinical.nurick}</legend>
      {(['nurickPre', 'nurickPost'] as const).map((when) => (
        <label key={when} className="myelon-field" htmlFor={`${id}-${when}`}>
          {when === 'nurickPre' ? WORDS.clinical.before : WORDS.clinical.after}
          <select
            id={`${id}-${when}`}
            value={form[when] ?? ''}
            onChange={(event) => {
              const grade = event.target.value === '' ? null : Number(event.target.value);
              onEnter({ [when]: grade !== null && isNurickGrade(grade) ? grade : null });
            }}
          >
            <option value="">{WORDS.clinical.unknown}</option>
            {NURICK_GRADES.map(({ grade, words }) => (
              <option key={grade} value={grade}>
                {grade}: {words}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}
