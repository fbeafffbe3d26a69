import { item, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { csaImageHeader } from './siemens-elements';

/** What is known of the phase-encoding direction; two series that differ in it are distorted against each other. */
export interface PhaseEncoding {
  readonly axis: 'ROW' | 'COL' | undefined;
  /** The scanner's word for the way along the axis; only good for comparing. */
  readonly polarity: string | undefined;
  /** Words of the series description that people use for it: "ap", "pa", "rev". */
  readonly words: readonly string[];
}

const WORD =
  /(?:^|[^a-z])(ap|pa|rl|lr|si|is|hf|fh|blip(?:up|down)?|rev|reverse|reversed|topup|fieldmap)(?=[^a-z]|$)/giu;

/**
 * Polarity: CSA PhaseEncodingDirectionPositive (Siemens), Rectilinear Phase Encode Reordering 0018,9034 (GE from
 * release 27, enhanced objects). Source: dcm2niix Siemens and GE READMEs.
 */
export function phaseEncoding(dataset: DicomJsonDataset): PhaseEncoding {
  const shared = item(dataset, Tag.SharedFunctionalGroupsSequence) ?? {};
  const geometry = item(shared, Tag.MRFOVGeometrySequence) ?? dataset;
  const axis = string(geometry, Tag.InPlanePhaseEncodingDirection)?.toUpperCase();
  const description = string(dataset, Tag.SeriesDescription) ?? '';
  return {
    axis: axis === 'ROW' ? 'ROW' : axis?.startsWith('COL') ? 'COL' : undefined,
    polarity:
      csaImageHeader(dataset)?.get('PhaseEncodingDirectionPositive')?.[0] ??
      string(dataset, Tag.RectilinearPhaseEncodeReordering),
    words: [...description.matchAll(WORD)].map(([, word = '']) => word.toLowerCase()).sort(),
  };
}

export function samePhaseEncoding(p: PhaseEncoding, q: PhaseEncoding): boolean {
  const agree = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined || a === b;
  return agree(p.axis, q.axis) && agree(p.polarity, q.polarity) && p.words.join() === q.words.join();
}
