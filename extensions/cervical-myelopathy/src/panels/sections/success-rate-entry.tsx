import { useId, useState } from 'react';
import { InputRefused } from '@myelon/diffusion';
import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';

/** How often patients of this site recover, as counts: without it no probability is shown. */
export function SuccessRateEntry(): React.JSX.Element {
  const { actions } = useReading();
  const rate = useReadingState((state) => state.siteSuccessRate);
  const [operated, setOperated] = useState(rate ? String(rate.operated) : '');
  const [recovered, setRecovered] = useState(rate ? String(rate.recovered) : '');
  const [problem, setProblem] = useState<string | null>(null);
  const why = useId();
  const enter = (next: Parameters<typeof actions.enterSuccessRate>[0]) => {
    setProblem(null);
    actions.enterSuccessRate(next).catch((error: unknown) => {
      setProblem(error instanceof InputRefused ? `${error.what}; ${error.whatToDo}` : String(error));
    });
  };
  return (
    <form
      className="myelon-confirm"
      aria-describedby={why}
      onSubmit={(event) => {
        event.preventDefault();
        enter({ operated: Number(operated), recovered: Number(recovered) });
      }}
    >
      <strong>{WORDS.score.rateTitle}</strong>
      <p id={why} className="myelon-quiet">
        {WORDS.score.rateWhy}
      </p>
      <CountField label={WORDS.score.operated} value={operated} onChange={setOperated} name="operated" />
      <CountField label={WORDS.score.recovered} value={recovered} onChange={setRecovered} name="recovered" />
      <div className="myelon-row">
        <button type="submit">{WORDS.score.useRate}</button>
        {rate && (
          <button
            type="button"
            onClick={() => {
              setOperated('');
              setRecovered('');
              enter(null);
            }}
          >
            {WORDS.score.forgetRate}
          </button>
        )}
      </div>
      {problem !== null && (
        <p className="myelon-problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

function CountField({
  label,
  name,
  value,
  onChange,
}: {
  label: string;
  name: string;
  value: string;
  onChange: (text: string) => void;
}): React.JSX.Element {
  return (
    <label className="myelon-field">
      <input
        type="number"
        min={0}
        step={1}
        required
        data-rate={name}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      {label}
    </label>
  );
}
