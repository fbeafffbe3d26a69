import {
  MODEL_OF,
  PARAMETRIC_MAP_STORAGE,
  studyContextFrom,
  writeParametricMap,
  type DeviceIdentity,
  type ReportedQuantity,
} from '@myelon/dicom';
import { InputRefused, QUANTITIES, type ScalarMap } from '@myelon/diffusion';
import type { AnalysisRecord } from '../analysis-record';
import { REPORTED_QUANTITIES } from '../measure/region-statistics';
import { newIdentity, outgoing, referencedVolume, SERIES_NUMBERS, type OutgoingObject } from './outgoing';
import { modelUses } from './report-content';
import { firstInstance, type ReportSource } from './report-source';

/** A map as a DICOM object. */
export interface OutgoingMap extends OutgoingObject {
  readonly quantity: ReportedQuantity;
}

/**
 * Makes one Parametric Map per quantity that has a unit. Every call makes new UIDs.
 * @param maps of the analysis the record tells of
 * @throws InputRefused when a source is no DICOM series
 */
export function buildParametricMaps(
  record: AnalysisRecord,
  maps: readonly ScalarMap[],
  { sources, device }: { readonly sources: readonly ReportSource[]; readonly device: DeviceIdentity },
): OutgoingMap[] {
  const uses = modelUses(record);
  return REPORTED_QUANTITIES.flatMap(({ quantity, model }, index) => {
    const map = maps.find((candidate) => candidate.quantity === quantity);
    if (!map || quantity === 's0' || quantity === 'ivim_s0') return [];
    const source = sourceOfModel(record, sources, model);
    const made = newIdentity(SERIES_NUMBERS.firstMap + index, `Myelon ${QUANTITIES[quantity].symbol} map`);
    const bytes = writeParametricMap({
      context: studyContextFrom(firstInstance(source)),
      device,
      createdAt: new Date(record.createdAt),
      identity: made,
      source: referencedVolume(source),
      map,
      use: uses[MODEL_OF[quantity]],
    });
    return [{ ...outgoing(PARAMETRIC_MAP_STORAGE, made, bytes), quantity }];
  });
}

/** The series a model was fitted to. */
function sourceOfModel(
  record: AnalysisRecord,
  sources: readonly ReportSource[],
  model: 'tensor' | 'ivim',
): ReportSource {
  const input = record.inputs.find(({ role }) => role === model || role === 'tensor+ivim');
  const uids = input?.source.kind === 'dicom' ? input.source.seriesInstanceUIDs : [];
  const source = sources.find(({ seriesInstanceUID }) => uids.includes(seriesInstanceUID));
  if (!source)
    throw new InputRefused(
      'the series it was computed from is not a DICOM series at hand',
      `${model} maps`,
      'give every series of the analysis',
    );
  return source;
}
