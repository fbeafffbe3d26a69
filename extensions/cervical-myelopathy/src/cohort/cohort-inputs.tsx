import type { CohortInput, CollectRun } from '@myelon/pipeline';
import { MJOA_VERSIONS, type MjoaVersion } from '@myelon/prognosis';
import { useId, useState } from 'react';
import type { CohortWork } from './cohort-state';
import { COHORT_WORDS as WORDS } from './cohort-words';

/** Collects a cohort from archives of the site. */
export interface CohortCollector {
  readonly sources: readonly string[];
  collect(sources: readonly string[], run: CollectRun): Promise<CohortInput>;
}

/** What the person says of the file; empty: as the file says. */
interface Options {
  readonly mjoa: MjoaVersion | '';
  readonly fUnit: 'percent' | 'fraction' | '';
}

/** Where the patients come from: a file, dropped or chosen, or archives. */
export function CohortInputs({
  work,
  collector,
}: {
  work: CohortWork;
  collector: CohortCollector | null;
}): React.JSX.Element {
  const [{ mjoa, fUnit }, setOptions] = useState<Options>({ mjoa: '', fUnit: '' });
  const [over, setOver] = useState(false);
  const id = useId();
  const read = (file: File | undefined) => {
    if (!file) return;
    void work.start(file.name, async () => ({
      kind: 'file',
      name: file.name,
      bytes: new Uint8Array(await file.arrayBuffer()),
      options: { mjoaVersion: mjoa === '' ? undefined : mjoa, fUnit: fUnit === '' ? undefined : fUnit },
    }));
  };
  return (
    <section
      className="myelon-cohort-inputs"
      data-over={over}
      aria-label={WORDS.title}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        read(event.dataTransfer.files[0]);
      }}
    >
      <p>
        <label htmlFor={`${id}-file`}>
          {WORDS.drop} {WORDS.choose}:
        </label>{' '}
        <input
          id={`${id}-file`}
          type="file"
          accept=".csv,.txt,.tsv,text/csv"
          onChange={(event) => {
            read(event.target.files?.[0]);
            // The same file, corrected, must be readable again.
            event.target.value = '';
          }}
        />
      </p>
      <p className="myelon-cohort-hint">{WORDS.fileHint}</p>
      <FileOptions options={{ mjoa, fUnit }} onChange={setOptions} />
      {collector && (
        <Collect work={work} collector={collector} mjoaVersion={mjoa === '' ? undefined : mjoa} />
      )}
    </section>
  );
}

function FileOptions({
  options,
  onChange,
}: {
  options: Options;
  onChange: (options: Options) => void;
}): React.JSX.Element {
  return (
    <p>
      <label>
        {WORDS.mjoa}{' '}
        <select
          value={options.mjoa}
          onChange={(event) => {
            onChange({ ...options, mjoa: event.target.value as Options['mjoa'] });
          }}
        >
          <option value="">{WORDS.mjoaUnsaid}</option>
          {MJOA_VERSIONS.map((version) => (
            <option key={version}>{version}</option>
          ))}
        </select>
      </label>{' '}
      <label>
        {WORDS.fUnit}{' '}
        <select
          value={options.fUnit}
          onChange={(event) => {
            onChange({ ...options, fUnit: event.target.value as Options['fUnit'] });
          }}
        >
          <option value="">{WORDS.fUnitUnsaid}</option>
          <option value="percent">{WORDS.percent}</option>
          <option value="fraction">{WORDS.fraction}</option>
        </select>
      </label>
    </p>
  );
}

function Collect({
  work,
  collector,
  mjoaVersion,
}: {
  work: CohortWork;
  collector: CohortCollector;
  mjoaVersion: MjoaVersion | undefined;
}): React.JSX.Element {
  const [chosen, setChosen] = useState<readonly string[]>(collector.sources.slice(0, 1));
  return (
    <fieldset>
      <legend>{WORDS.sources}</legend>
      {collector.sources.map((source) => (
        <label key={source}>
          <input
            type="checkbox"
            checked={chosen.includes(source)}
            onChange={(event) => {
              setChosen(event.target.checked ? [...chosen, source] : chosen.filter((one) => one !== source));
            }}
          />{' '}
          {source}{' '}
        </label>
      ))}
      <button
        type="button"
        disabled={chosen.length === 0}
        onClick={() => {
          void work.start(chosen.join(', '), (signal, onProgress) =>
            collector.collect(chosen, { signal, onProgress, mjoaVersion }),
          );
        }}
      >
        {WORDS.collect}
      </button>
      <p className="myelon-cohort-hint">{WORDS.collectHint}</p>
    </fieldset>
  );
}
