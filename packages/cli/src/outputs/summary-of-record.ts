import { formatQuantity, QUANTITIES, type QuantityId } from '@myelon/diffusion';
import { statisticsOfQuantity, whyMissing, type AnalysisRecord, type RegionRecord } from '@myelon/pipeline';
import { summaryOfClinicalForm, summaryOfScore } from './summary-of-score';

const SUMMARISED: readonly QuantityId[] = ['fa', 'md', 'ivim_f'];

/** The record in a few lines for the terminal. */
export function summaryOfRecord(record: AnalysisRecord): string[] {
  const regions = record.regions.filter(({ kind }) => kind !== 'slice');
  const { prognosis } = record;
  return [
    `cord: ${String(record.cord.slices.length)} slices, ${record.cord.method}, measured in ${record.cord.measuringRule}`,
    ...regions.map(
      (region) => `${region.name}: ${SUMMARISED.map((quantity) => value(region, quantity)).join(', ')}`,
    ),
    prognosis.kind === 'statement'
      ? prognosis.sentence
      : `no FA + f statement: ${prognosis.reasons.join('; ')}`,
    ...summaryOfScore(record),
    ...summaryOfClinicalForm(record),
    ...prognosis.statements,
  ];
}

function value(region: RegionRecord, quantity: QuantityId): string {
  const { symbol, shownUnit } = QUANTITIES[quantity];
  const statistics = statisticsOfQuantity(region, quantity);
  if (!statistics) return `${symbol} - (${whyMissing(region, quantity) ?? 'not computed'})`;
  const unit = shownUnit === '' ? '' : ` ${shownUnit}`;
  return `${symbol} ${formatQuantity(quantity, statistics.mean)}${unit} (${String(statistics.n)} voxels)`;
}
