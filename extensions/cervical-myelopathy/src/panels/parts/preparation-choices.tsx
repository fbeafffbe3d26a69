import type { PreparationChoices, Switch } from '@myelon/pipeline';
import { useId } from 'react';
import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';

type Step = Exclude<keyof PreparationChoices, 'noise'>;

const STEPS: readonly Step[] = ['denoise', 'unring', 'rician', 'motion'];
const SWITCHES: readonly Switch[] = ['off', 'auto', 'on'];

/** What is to be done to the images before the next fit. */
export function PreparationForm(): React.JSX.Element {
  const { actions } = useReading();
  const chosen = useReadingState((state) => state.maps.preparation);
  const fitted = useReadingState((state) => state.maps.fittedPreparation);
  const words = WORDS.preparation;
  const asked = STEPS.filter((step) => (chosen[step] ?? 'off') !== 'off');
  const stale = fitted !== null && STEPS.some((step) => (chosen[step] ?? 'off') !== (fitted[step] ?? 'off'));
  const names = asked.map((step) => `${words.steps[step]} ${words.switches[chosen[step] ?? 'off']}`);
  return (
    <details className="myelon-details" data-preparation>
      <summary>
        {words.title}: {names.length === 0 ? words.none : names.join(', ')}
      </summary>
      {STEPS.map((step) => (
        <StepChoice
          key={step}
          step={step}
          value={chosen[step] ?? 'off'}
          onChoose={(value) => {
            actions.setPreparation({ ...chosen, [step]: value });
          }}
        />
      ))}
      <p className="myelon-quiet">{words.reversible}</p>
      {stale && <p role="status">{words.stale}</p>}
    </details>
  );
}

interface StepChoiceProps {
  readonly step: Step;
  readonly value: Switch;
  readonly onChoose: (value: Switch) => void;
}

function StepChoice({ step, value, onChoose }: StepChoiceProps): React.JSX.Element {
  const id = useId();
  const words = WORDS.preparation;
  return (
    <div className="myelon-row">
      <label htmlFor={id} title={words.about[step]}>
        {words.labels[step]}
      </label>
      <select
        id={id}
        data-step={step}
        value={value}
        onChange={(event) => {
          onChoose(SWITCHES.find((one) => one === event.target.value) ?? 'off');
        }}
      >
        {SWITCHES.map((one) => (
          <option key={one} value={one}>
            {words.switches[one]}
          </option>
        ))}
      </select>
    </div>
  );
}
