import { useMemo, useState } from 'react';
import { formatQuantity, formatUncertainty, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import type { AnalysisRecord, RegionRecord } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import { missingReason, statisticsOf } from '../../reading/summaries';
import { ProfilePlot } from '../parts/profile-plot';
import { RegionDetails } from '../parts/region-details';
import { useReading, useReadingState } from '../reading-panel';

/** Quantities of the table, in the order of the report. */
const COLUMNS: readonly QuantityId[] = ['fa', 'ivim_f', 'md', 'ad', 'rd', 'adc', 'ivim_d', 'ivim_dstar'];

/** Regions as rows, quantities as columns; the profile; the statistics of one region. */
export function MetricsSection(): React.JSX.Element {
  const record = useReadingState((state) => state.metrics.record);
  const selected = useReadingState((state) => state.metrics.selectedRegionId);
  if (record === null) return <p className="myelon-quiet">{WORDS.metrics.nothing}</p>;
  const regions = regionsOf(record);
  const region = regions.find(({ id }) => id === selected) ?? regions[0];
  const reference = regions.find(({ kind }) => kind === 'reference');
  return (
    <div>
      <CompressionChoice />
      <MetricsTable regions={regions} />
      <TableActions />
      <ProfilePlot record={record} />
      {region && <RegionChoice regions={regions} selected={region.id} />}
      {region && <RegionDetails region={region} reference={reference} />}
    </div>
  );
}

/** Whole cord and compression, its reference, levels from the top down, then slices. */
function regionsOf({ regions, levelRegions = [] }: AnalysisRecord): readonly RegionRecord[] {
  const of = (kind: RegionRecord['kind']) =>
    [...regions, ...levelRegions].filter((region) => region.kind === kind);
  return [...of('whole-cord'), ...of('compression'), ...of('reference'), ...of('level'), ...of('slice')];
}

interface RegionChoiceProps {
  readonly regions: readonly RegionRecord[];
  readonly selected: string;
}

/** Whose statistics are shown below. */
function RegionChoice({ regions, selected }: RegionChoiceProps): React.JSX.Element {
  const { actions } = useReading();
  const groups = [
    [WORDS.metrics.regionKinds.whole, ['whole-cord', 'compression', 'reference']],
    [WORDS.metrics.regionKinds.levels, ['level']],
    [WORDS.metrics.regionKinds.slices, ['slice']],
  ] as const;
  return (
    <label className="myelon-row">
      {WORDS.metrics.details}
      <select
        value={selected}
        data-region-choice
        onChange={({ target }) => {
          actions.selectRegion(target.value);
        }}
      >
        {groups.map(([label, kinds]) => {
          const within = regions.filter(({ kind }) => (kinds as readonly string[]).includes(kind));
          return within.length === 0 ? null : (
            <optgroup key={label} label={label}>
              {within.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </optgroup>
          );
        })}
      </select>
    </label>
  );
}

function CompressionChoice(): React.JSX.Element {
  const { actions } = useReading();
  const { compressionSlices, narrowestSlice } = useReadingState((state) => state.metrics);
  const current = useReadingState((state) => state.currentSlice);
  const marked = current !== null && compressionSlices.includes(current);
  const narrowest = narrowestSlice !== null && !compressionSlices.includes(narrowestSlice);
  const toggle = (slice: number, label: string, pressed: boolean) => (
    <button type="button" aria-pressed={pressed} onClick={() => void actions.toggleCompression(slice)}>
      {label}
    </button>
  );
  return (
    <div>
      {compressionSlices.length === 0 && <p className="myelon-look">{WORDS.metrics.noCompression}</p>}
      <div className="myelon-row">
        {narrowest && toggle(narrowestSlice, WORDS.metrics.compressionAtNarrowest(narrowestSlice + 1), false)}
        {current !== null &&
          !(narrowest && current === narrowestSlice) &&
          toggle(
            current,
            marked ? WORDS.metrics.notCompression(current + 1) : WORDS.metrics.compressionHere(current + 1),
            marked,
          )}
      </div>
    </div>
  );
}

interface Sorting {
  readonly quantity: QuantityId | null;
  readonly descending: boolean;
}

/** Rows in anatomical order, or by one quantity; regions without a value last. */
function sortedRegions(
  regions: readonly RegionRecord[],
  { quantity, descending }: Sorting,
): readonly RegionRecord[] {
  if (quantity === null) return regions;
  const value = (region: RegionRecord) => statisticsOf(region, quantity)?.mean;
  return [...regions].sort((p, q) => {
    const [a, b] = [value(p), value(q)];
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    return descending ? b - a : a - b;
  });
}

function MetricsTable({ regions }: { regions: readonly RegionRecord[] }): React.JSX.Element {
  const [sorting, setSorting] = useState<Sorting>({ quantity: null, descending: false });
  const rows = useMemo(() => sortedRegions(regions, sorting), [regions, sorting]);
  return (
    <div className="myelon-table-box" tabIndex={0} role="region" aria-label={WORDS.sections.metrics}>
      <table className="myelon-table">
        <caption className="myelon-quiet">{WORDS.metrics.plusMinus}</caption>
        <thead>
          <tr>
            <th scope="col">{WORDS.metrics.region}</th>
            {COLUMNS.map((quantity) => (
              <QuantityHeading key={quantity} quantity={quantity} sorting={sorting} onSort={setSorting} />
            ))}
            <th scope="col">{WORDS.metrics.voxels}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((region) => (
            <RegionRow key={region.id} region={region} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps {
  readonly quantity: QuantityId;
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
}

function QuantityHeading({ quantity, sorting, onSort }: HeadingProps): React.JSX.Element {
  const { symbol, name, shownUnit } = QUANTITIES[quantity];
  const active = sorting.quantity === quantity;
  const direction = sorting.descending ? 'descending' : 'ascending';
  return (
    <th scope="col" aria-sort={active ? direction : 'none'} title={name}>
      <button
        type="button"
        className="myelon-sort"
        onClick={() => {
          if (!active) onSort({ quantity, descending: false });
          else
            onSort(
              sorting.descending ? { quantity: null, descending: false } : { quantity, descending: true },
            );
        }}
      >
        {symbol}
        {active && (sorting.descending ? ' ↓' : ' ↑')}
      </button>
      <small>{shownUnit === '' ? ' ' : shownUnit}</small>
    </th>
  );
}

function RegionRow({ region }: { region: RegionRecord }): React.JSX.Element {
  const { actions } = useReading();
  const selected = useReadingState((state) => state.metrics.selectedRegionId === region.id);
  const current = useReadingState((state) => state.currentSlice);
  const here = region.kind === 'slice' && region.slices[0] === current;
  return (
    <tr
      data-region={region.id}
      data-kind={region.kind}
      data-slices={region.slices.join(' ')}
      aria-selected={selected}
      data-here={here}
    >
      <th scope="row">
        <button
          type="button"
          onClick={() => {
            actions.selectRegion(region.id);
            const [slice] = region.slices;
            if (slice !== undefined && region.kind !== 'whole-cord') actions.goToSlice(slice);
          }}
        >
          {region.name}
        </button>
      </th>
      {COLUMNS.map((quantity) => (
        <ValueCell key={quantity} region={region} quantity={quantity} />
      ))}
      <td className="myelon-number">{region.voxels}</td>
    </tr>
  );
}

function ValueCell({ region, quantity }: { region: RegionRecord; quantity: QuantityId }): React.JSX.Element {
  const statistics = statisticsOf(region, quantity);
  if (!statistics) {
    return (
      <td className="myelon-number" title={missingReason(region, quantity)}>
        –
      </td>
    );
  }
  const { mean, standardError, method, n } = statistics;
  return (
    <td className="myelon-number" data-quantity={quantity} title={`${method}; n = ${String(n)}`}>
      {formatQuantity(quantity, mean)}
      {standardError !== null && <small> ±{formatUncertainty(quantity, standardError)}</small>}
    </td>
  );
}

function TableActions(): React.JSX.Element {
  const { actions } = useReading();
  const [copied, setCopied] = useState(false);
  return (
    <div className="myelon-row">
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard.writeText(actions.metricsCsv()).then(() => {
            setCopied(true);
          });
        }}
      >
        {copied ? WORDS.metrics.copied : WORDS.metrics.copy}
      </button>
      <button
        type="button"
        onClick={() => {
          saveText('metrics.csv', actions.metricsCsv());
        }}
      >
        {WORDS.metrics.csv}
      </button>
    </div>
  );
}

function saveText(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
