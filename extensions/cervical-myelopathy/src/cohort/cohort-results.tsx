import type { CohortFindings } from '@myelon/pipeline';
import type { ReportItem, ReportSection, ReportTable } from '@myelon/prognosis';
import { useState } from 'react';
import type { HostFiles } from '../host/viewer-host';
import { COHORT_WORDS as WORDS } from './cohort-words';
import { PlotFigure } from './plot-figure';

/** Tables, plots and exports of an analysed cohort. */
export function CohortResults({
  name,
  findings,
  files,
}: {
  name: string;
  findings: CohortFindings;
  files: HostFiles;
}): React.JSX.Element {
  const { sections, plots, remarks, missing, verdict, statements } = findings;
  const results = sections.filter(({ part }) => part === 'results');
  const frame = sections.filter(({ part }) => part === 'frame');
  return (
    <article aria-label={WORDS.results(name)}>
      <h2>{WORDS.results(name)}</h2>
      <Exports name={name} findings={findings} files={files} />
      {verdict.map((words) => (
        <p key={words}>{words}</p>
      ))}
      {remarks.length > 0 && (
        <>
          <h3>{WORDS.remarks}</h3>
          <Item item={{ kind: 'list', lines: remarks }} />
        </>
      )}
      {plots.length > 0 && (
        <section aria-label={WORDS.plots} className="myelon-cohort-plots">
          {plots.map((plot) => (
            <PlotFigure key={plot.id} plot={plot} />
          ))}
        </section>
      )}
      {results.map((section) => (
        <Section key={section.title} section={section} />
      ))}
      {statements.length > 0 && (
        <section className="myelon-cohort-statements">
          {statements.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </section>
      )}
      {missing.length > 0 && (
        <details>
          <summary>{WORDS.missing(missing.length)}</summary>
          <Item
            item={{
              kind: 'list',
              lines: missing.map(({ patient, missing: cells }) => `${patient}: ${cells.join(', ')}`),
            }}
          />
        </details>
      )}
      {frame.length > 0 && (
        <details>
          <summary>{WORDS.reportText}</summary>
          {frame.map((section) => (
            <Section key={section.title} section={section} />
          ))}
        </details>
      )}
    </article>
  );
}

function Section({ section }: { section: ReportSection }): React.JSX.Element {
  return (
    <section>
      <h3>{section.title.replace(/^Results: (.)/, (_, first: string) => first.toUpperCase())}</h3>
      {section.items.map((item, i) => (
        <Item key={i} item={item} />
      ))}
    </section>
  );
}

function Item({ item }: { item: ReportItem }): React.JSX.Element {
  switch (item.kind) {
    case 'text':
      return <p>{item.text}</p>;
    case 'to fill':
      return (
        <p>
          {item.text}: <em>{WORDS.toFill}</em>
        </p>
      );
    case 'list':
      return (
        <ul>
          {item.lines.map((line, i) => (
            <li key={i}>{line}</li>
          ))}
        </ul>
      );
    case 'table':
      return <Table table={item.table} />;
  }
}

function Table({ table: { title, header, rows, notes } }: { table: ReportTable }): React.JSX.Element {
  return (
    <div className="myelon-cohort-table" role="region" aria-label={title} tabIndex={0}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            {header.map((cell, i) =>
              cell === '' ? (
                <td key={i} />
              ) : (
                <th key={i} scope="col">
                  {cell}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row.map((cell, c) =>
                c === 0 ? (
                  <th key={c} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={c}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {notes.map((note) => (
        <p key={note} className="myelon-cohort-hint">
          {note}
        </p>
      ))}
    </div>
  );
}

function Exports({
  name,
  findings,
  files,
}: {
  name: string;
  findings: CohortFindings;
  files: HostFiles;
}): React.JSX.Element {
  const [makingPdf, setMakingPdf] = useState(false);
  const stem = `cohort-${name.replace(/\.[^.]*$/, '').replaceAll(/[^\w.-]+/g, '_')}`;
  const saveText = (suffix: string, text: string) => {
    files.save(`${stem}${suffix}`, new TextEncoder().encode(text));
  };
  const savePdf = async () => {
    setMakingPdf(true);
    try {
      const { cohortPdf } = await import('@myelon/pipeline/pdf');
      files.save(`${stem}.pdf`, await cohortPdf(findings, new Date().toISOString()));
    } finally {
      setMakingPdf(false);
    }
  };
  const { predictions, markdown } = findings;
  return (
    <p className="myelon-cohort-exports" role="group" aria-label={WORDS.exports}>
      <button
        type="button"
        disabled={makingPdf}
        onClick={() => {
          void savePdf();
        }}
      >
        {makingPdf ? WORDS.makingPdf : WORDS.pdf}
      </button>
      <button
        type="button"
        onClick={() => {
          saveText('.json', `${JSON.stringify(findings.analysis, null, 2)}\n`);
        }}
      >
        {WORDS.json}
      </button>
      {predictions !== null && (
        <button
          type="button"
          onClick={() => {
            saveText('-predictions.csv', predictions);
          }}
        >
          {WORDS.csv}
        </button>
      )}
      {markdown !== null && (
        <button
          type="button"
          onClick={() => {
            saveText('.md', markdown);
          }}
        >
          {WORDS.markdown}
        </button>
      )}
    </p>
  );
}
