import { useState } from 'react';
import type { SeriesReading } from '../../reading/reading-state';
import { WORDS } from '../../words/en';
import { useReading } from '../reading-panel';

/** Two files in FSL's convention in place of the gradient table of the headers, and the way back. */
export function TableReplacement({ series }: { series: SeriesReading }): React.JSX.Element {
  const { actions } = useReading();
  const [bval, setBval] = useState<File | null>(null);
  const [bvec, setBvec] = useState<File | null>(null);
  const use = async () => {
    if (!bval || !bvec) return;
    const [bvalText, bvecText] = await Promise.all([bval.text(), bvec.text()]);
    await actions.useTable(series.key, {
      bval: { name: bval.name, text: bvalText },
      bvec: { name: bvec.name, text: bvecText },
    });
  };
  return (
    <details className="myelon-replace">
      <summary>{WORDS.data.replaceTable}</summary>
      <FileChoice label={WORDS.data.bvalFile} accept=".bval,.txt" onChoose={setBval} />
      <FileChoice label={WORDS.data.bvecFile} accept=".bvec,.txt" onChoose={setBvec} />
      <div className="myelon-row">
        <button type="button" disabled={!bval || !bvec} onClick={() => void use()}>
          {WORDS.data.useTable}
        </button>
        {series.tableFrom !== null && (
          <button type="button" onClick={() => void actions.useTable(series.key, null)}>
            {WORDS.data.ownTable}
          </button>
        )}
      </div>
    </details>
  );
}

interface FileChoiceProps {
  readonly label: string;
  readonly accept: string;
  readonly onChoose: (file: File | null) => void;
}

function FileChoice({ label, accept, onChoose }: FileChoiceProps): React.JSX.Element {
  return (
    <label className="myelon-row">
      <span>{label}</span>
      <input
        type="file"
        accept={accept}
        onChange={(event) => {
          onChoose(event.target.files?.[0] ?? null);
        }}
      />
    </label>
  );
}
