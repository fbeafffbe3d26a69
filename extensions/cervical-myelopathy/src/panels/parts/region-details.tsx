import { formatQuantity, QUANTITIES } from '@myelon/diffusion';
import type { MissingStatistics, RegionRecord, RegionStatistics } from '@myelon/pipeline';
import { statisticsOf } from '../../reading/summaries';
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

/** Each model in a table of its own: all columns stand beside each other in the narrowest panel. */
const TABLES = [
  { title: WORDS.metrics.tensorTable, quantities: ['fa', 'md', 'ad', 'rd'] },
  { title: WORDS.metrics.ivimTable, quantities: ['ivim_f', 'adc', 'ivim_d', 'ivim_dstar'] },
] as const;

interface RegionDetailsProps {
  readonly region: RegionRecord;
  /** The patient's own cord away from the compression; undefined when none is known. */
  readonly reference: RegionRecord | undefined;
}

/** Every statistic of one region with method, voxels used and left out. */
export function RegionDetails({ region, reference }: RegionDetailsProps): React.JSX.Element {
  const title = `${WORDS.metrics.details} ${region.name}`;
  return (
    <details className="myelon-details" open data-details={region.id}>
      <summary>{title}</summary>
      {TABLES.map(({ title: model, quantities }) => (
        <StatisticsTable
          key={model}
          title={model}
          entries={quantities.flatMap(
            (quantity) => region.statistics.find((entry) => entry.quantity === quantity) ?? [],
          )}
          reference={region.kind === 'reference' || region.kind === 'whole-cord' ? undefined : reference}
        />
      ))}
      <Methods region={region} />
    </details>
  );
}

interface StatisticsTableProps {
  readonly title: string;
  readonly entries: readonly (RegionStatistics | MissingStatistics)[];
  readonly reference: RegionRecord | undefined;
}

function StatisticsTable({ title, entries, reference }: StatisticsTableProps): React.JSX.Element {
  const missing = entries.flatMap((entry) => ('missing' in entry ? [entry] : []));
  const row = (label: string, of: (entry: RegionStatistics) => string) => (
    <tr key={label}>
      <th scope="row" className="myelon-wrap">
        {label}
      </th>
      {entries.map((entry) => (
        <td key={entry.quantity} className="myelon-number myelon-wrap">
          {'missing' in entry ? '–' : of(entry)}
        </td>
      ))}
    </tr>
  );
  return (
    <>
      <table className="myelon-table myelon-statistics">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            {entries.map(({ quantity }) => (
              <th scope="col" key={quantity} title={QUANTITIES[quantity].name}>
                {QUANTITIES[quantity].symbol}
                <small>{QUANTITIES[quantity].shownUnit || ' '}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {row(WORDS.metrics.voxels, ({ n }) => String(n))}
          {COLUMNS.map((column) =>
            row(LABELS[column], (entry) => {
              const value = entry[column];
              return value === null ? '–' : formatQuantity(entry.quantity, value);
            }),
          )}
          {row(WORDS.metrics.leftOut, leftOut)}
          {reference && row(WORDS.metrics.compared(reference.name), (entry) => changeFrom(reference, entry))}
        </tbody>
      </table>
      {missing.map(({ quantity, missing: why }) => (
        <p key={quantity} className="myelon-quiet">
          {QUANTITIES[quantity].symbol}: {WORDS.metrics.missing}: {why}
        </p>
      ))}
    </>
  );
}

/** The difference of means, as a share of the reference's. */
function changeFrom(reference: RegionRecord, { quantity, mean }: RegionStatistics): string {
  const own = statisticsOf(reference, quantity)?.mean;
  if (own === undefined || own === 0) return '–';
  const percent = 100 * (mean / own - 1);
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(0)} %`;
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
