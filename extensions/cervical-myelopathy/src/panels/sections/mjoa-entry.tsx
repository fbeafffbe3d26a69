import { InputRefused } from '@myelon/diffusion';
import {
  mjoaFromItems,
  mjoaFromTotal,
  MJOA_SCALES,
  type ClinicalForm,
  type MjoaItem,
  type MjoaScore,
  type MjoaVersion,
} from '@myelon/prognosis';
import { useState } from 'react';
import { WORDS } from '../../words/en';

type Entered = ClinicalForm['pre'];

interface MjoaEntryProps {
  readonly when: 'pre' | 'post';
  readonly version: MjoaVersion;
  readonly entered: Entered;
  readonly onEnter: (score: Entered) => void;
}

/** One mJOA: its items, or only the total. It counts once every item is scored. */
export function MjoaEntry({ when, version, entered, onEnter }: MjoaEntryProps): React.JSX.Element {
  const scale = MJOA_SCALES[version];
  const [points, setPoints] = useState<Readonly<Record<string, number>>>(entered?.score.items ?? {});
  const [total, setTotal] = useState(entered && !entered.score.items ? String(entered.score.total) : '');
  const [date, setDate] = useState(entered?.date ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const enter = (score: MjoaScore | null, on = date) => {
    onEnter(score && { score, date: on === '' ? null : on });
  };
  const setItem = (id: string, value: string) => {
    const others = Object.fromEntries(Object.entries(points).filter(([other]) => other !== id));
    const next = value === '' ? others : { ...others, [id]: Number(value) };
    setPoints(next);
    setTotal('');
    enter(scale.items.every((item) => next[item.id] !== undefined) ? mjoaFromItems(version, next) : null);
  };
  const enterTotal = (text: string) => {
    setTotal(text);
    setPoints({});
    setProblem(null);
    try {
      enter(text === '' ? null : mjoaFromTotal(version, Number(text)));
    } catch (error) {
      enter(null);
      setProblem(error instanceof InputRefused ? error.what : String(error));
    }
  };
  return (
    <fieldset className="myelon-confirm" data-mjoa={when}>
      <legend>{when === 'pre' ? WORDS.clinical.before : WORDS.clinical.after}</legend>
      <label className="myelon-field">
        {WORDS.clinical.date}
        <input
          type="date"
          value={date}
          onChange={(event) => {
            setDate(event.target.value);
            enter(entered?.score ?? null, event.target.value);
          }}
        />
      </label>
      {scale.items.map((item) => (
        <ItemField key={item.id} item={item} value={points[item.id]} onChange={setItem} />
      ))}
      <label className="myelon-field">
        {WORDS.clinical.onlyTotal}
        <input
          type="number"
          min={0}
          max={scale.maximum}
          step={1}
          data-mjoa-total={when}
          value={total}
          onChange={(event) => {
            enterTotal(event.target.value);
          }}
        />
      </label>
      {problem !== null && (
        <p className="myelon-problem" role="alert">
          {problem}
        </p>
      )}
      <output className="myelon-number">
        {entered
          ? `${WORDS.clinical.total} ${String(entered.score.total)} ${WORDS.clinical.of} ${String(entered.score.maximum)}`
          : `${WORDS.clinical.total}: ${WORDS.clinical.notScored}`}
      </output>
    </fieldset>
  );
}

function ItemField({
  item,
  value,
  onChange,
}: {
  item: MjoaItem;
  value: number | undefined;
  onChange: (id: string, value: string) => void;
}): React.JSX.Element {
  return (
    <label className="myelon-field">
      {item.name}
      <select
        data-mjoa-item={item.id}
        value={value ?? ''}
        onChange={(event) => {
          onChange(item.id, event.target.value);
        }}
      >
        <option value="">{WORDS.clinical.notScored}</option>
        {item.levels.map((level) => (
          <option key={level.points} value={level.points}>
            {level.points}: {level.words}
          </option>
        ))}
      </select>
    </label>
  );
}
