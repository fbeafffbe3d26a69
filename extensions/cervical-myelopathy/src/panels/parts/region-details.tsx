import { formatQuantity, QUANTITIES } from '@myelon/diffusion';
import type { RegionRecord, RegionStatistics } from '@myelon/pipeline';
import { WORDS } from '../../words/en';

const COLUMNS = ['mean', 'sd', 'median', 'p5', 'p25', 'p75', 'p95', 'min', 'max'] as const;
const LABELS: Record<(typeof COLUMNS)[number], string> = {
  mean: WORDS.metrics.mean,
  sd: WORDS.metrics.sd,
  median: WORDS.metrics.median,
  p5: 'P5',
  p25: 'P25',
  p75: 'P75',
  p95: 'P95',
  min: 'min',
  max: 'max',
};

/** Every statistic of one region with method, voxels used and left out. */
export function RegionDetails({ region }: { region: RegionRecord }): React.JSX.Element {
  const title = `${WORDS.metrics.details} ${region.name}`;
  return (
    <details className="myelon-details" open>
      <summary>{title}</summary>
      <div className="myelon-table-box" tabIndex={0} role="region" aria-label={title}>
        <table className="myelon-table" data-details={region.id}>
          <thead>
            <tr>
              <th scope="col"> </th>
              <th scope="col">{WORDS.metrics.voxels}</th>
              {COLUMNS.map((column) => (
                <th scope="col" key={column}>
                  {LABELS[column]}
                </th>
              ))}
              <th scope="col">{WORDS.metrics.leftOut}</th>
            </tr>
          </thead>
          <tbody>
            {region.statistics.map((entry) => (
              <tr key={entry.quantity}>
                <th scope="row" title={QUANTITIES[entry.quantity].name}>
                  {QUANTITIES[entry.quantity].symbol}
                  <small> {QUANTITIES[entry.quantity].shownUnit}</small>
                </th>
                {'missing' in entry ? (
                  <td colSpan={COLUMNS.length + 2}>
                    {WORDS.metrics.missing}: {entry.missing}
                  </td>
                ) : (
                  <Statistics entry={entry} />
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Methods region={region} />
    </details>
  );
}

function Statistics({ entry }: { entry: RegionStatistics }): React.JSX.Element {
  return (
    <>
      <td className="myelon-number">{entry.n}</td>
      {COLUMNS.map((column) => {
        const value = entry[column];
        return (
          <td className="myelon-number" key={column}>
            {value === null ? '–' : formatQuantity(entry.quantity, value)}
          </td>
        );
      })}
      <td>{leftOut(entry)}</td>
    </>
  );
}

function leftOut({ excluded, atBound }: RegionStatistics): string {
  const parts = excluded.map(({ reason, n }) => `${String(n)} ${reason}`);
  if (atBound > 0) parts.push(`(${String(atBound)} ${WORDS.metrics.atBound}, kept)`);
  return parts.join('; ') || '0';
}

function Methods({ region }: { region: RegionRecord }): React.JSX.Element {
  const methods = new Map<string, string[]>();
  for (const entry of region.statistics) {
    if ('missing' in entry) continue;
    methods.set(entry.method, [...(methods.get(entry.method) ?? []), QUANTITIES[entry.quantity].symbol]);
  }
  return (
    <ul className="myelon-list myelon-quiet">
      {[...methods].map(([method, symbols]) => (
        <li key={method}>
          {symbols.join(', ')}: {method}
        </li>
      ))}
    </ul>
  );
}
