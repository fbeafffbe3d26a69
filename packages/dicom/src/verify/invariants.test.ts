import type { DicomJsonDataset, DicomJsonElement } from '../dataset/dicom-json';
import { parsePart10 } from '../dataset/part10';
import { SAMPLE_REPORT } from '../structured-report/sample-report';
import { writeMeasurementReport } from '../structured-report/write-measurement-report';
import { writeSegmentation } from '../segmentation/write-segmentation';
import {
  SAMPLE_DEVICE,
  SAMPLE_SOURCE,
  obliqueGrid,
  sampleIdentity,
  sampleVolume,
} from '../write/sample-study';
import { reportObjectFaults } from './invariants';

const grid = obliqueGrid(15, 15, 3);
const segmentationIdentity = sampleIdentity(9001, 'Myelon cord');
const source: DicomJsonDataset = {
  ...SAMPLE_SOURCE,
  '00200052': { vr: 'UI', Value: [grid.frameOfReferenceUID] },
};
const segmentation = parsePart10(
  writeSegmentation({
    context: SAMPLE_REPORT.context,
    device: SAMPLE_DEVICE,
    identity: segmentationIdentity,
    createdAt: SAMPLE_REPORT.createdAt,
    source: sampleVolume(grid, 'classic'),
    segments: SAMPLE_REPORT.regions.map((region) => ({
      label: region.name,
      trackingIdentifier: region.trackingIdentifier,
      trackingUID: region.trackingUID,
      voxels: new Uint8Array(675).fill(1),
      algorithm: 'MANUAL',
    })),
  }),
).dataset;
const report = parsePart10(
  writeMeasurementReport({
    ...SAMPLE_REPORT,
    segmentation: segmentationIdentity,
  }),
).dataset;

const sliceReport = parsePart10(
  writeMeasurementReport({
    ...SAMPLE_REPORT,
    segmentation: segmentationIdentity,
    regions: [],
    prognosis: { ...SAMPLE_REPORT.prognosis, kind: 'abstained', reasons: ['single slices'] },
    slices: [
      {
        name: 'Slice 1',
        trackingUID: '2.25.581',
        frameNumber: 1,
        sourceImage: {
          ReferencedSOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
          ReferencedSOPInstanceUID: '2.25.300001',
        },
        centroid: [0, 0, 0],
        quantities: [{ quantity: 'fa', n: 7, mean: 0.5, sd: null }],
      },
    ],
  }),
).dataset;

type Mutable = Record<string, { vr: string; Value?: Mutable[] }>;

/** Content items of the first group with this concept name. */
function inFirstGroup(root: Mutable, value: string): Mutable[] {
  const named = (parent: Mutable, code: string) =>
    parent['0040A730']!.Value!.filter(
      (child) => (child['0040A043']?.Value?.[0]?.['00080100']?.Value as unknown[] | undefined)?.[0] === code,
    );
  const group = named(named(root, '126010')[0]!, '125007')[0]!;
  return value === '' ? [group] : named(group, value);
}

const element = (vr: string, ...Value: unknown[]): DicomJsonElement => ({ vr, Value });

describe('reportObjectFaults', () => {
  it('finds nothing in what Myelon writes', () => {
    expect(reportObjectFaults({ source, segmentation, report })).toEqual([]);
  });

  type Change = (report: Mutable, segmentation: Mutable) => void;
  const set = (target: Mutable, tag: string, to: DicomJsonElement) => {
    (target as Record<string, unknown>)[tag] = to;
  };
  const remove = (target: Mutable, tag: string) => {
    Reflect.deleteProperty(target, tag);
  };
  const dropFromGroup = (root: Mutable, value: string) => {
    const [group] = inFirstGroup(root, '');
    const gone = inFirstGroup(root, value);
    group!['0040A730']!.Value = group!['0040A730']!.Value!.filter((child) => !gone.includes(child));
  };
  it.each<[string, Change, RegExp]>([
    [
      'no character set',
      (sr) => {
        remove(sr, '00080005');
      },
      /report: 00081030: text beyond ASCII/,
    ],
    [
      'another patient',
      (_, seg) => {
        set(seg, '00100020', element('LO', 'P-2'));
      },
      /segmentation: 00100020.*P-2/,
    ],
    [
      'an over-long description',
      (sr) => {
        set(sr, '0008103E', element('LO', 'x'.repeat(65)));
      },
      /longer than 64/,
    ],
    [
      'a wrong code meaning',
      (sr) => {
        set(inFirstGroup(sr, '121071')[0]!['0040A043']!.Value![0]!, '00080104', element('LO', 'Found'));
      },
      /means "Finding", not "Found"/,
    ],
    [
      'no identification of the private scheme',
      (sr) => {
        remove(sr, '00080110');
      },
      /used but not identified/,
    ],
    [
      'a group without tracking UID',
      (sr) => {
        dropFromGroup(sr, '112040');
      },
      /group 1: no tracking identifiers/,
    ],
    [
      'a group without coordinates',
      (sr) => {
        dropFromGroup(sr, '111010');
      },
      /item with coordinates/,
    ],
    [
      'a group without source series',
      (sr) => {
        dropFromGroup(sr, '121232');
      },
      /no source series/,
    ],
    [
      'a segment number that does not exist',
      (sr) => {
        set(inFirstGroup(sr, '121191')[0]!['00081199']!.Value![0]!, '0062000B', element('US', 9));
      },
      /segment 9 is not in the segmentation/,
    ],
    [
      'no segment number',
      (sr) => {
        remove(inFirstGroup(sr, '121191')[0]!['00081199']!.Value![0]!, '0062000B');
      },
      /no segment number/,
    ],
    [
      'the tracking UID of another segment',
      (_, seg) => {
        set(seg['00620002']!.Value![1]!, '00620021', element('UI', '2.25.99'));
      },
      /not those of the segment/,
    ],
    [
      'evidence that lacks the segmentation',
      (sr) => {
        sr['0040A375']!.Value![0]!['00081115']!.Value!.pop();
      },
      /is not listed as evidence/,
    ],
    [
      'a number without value',
      (sr) => {
        remove(inFirstGroup(sr, '110808')[0]!, '0040A300');
      },
      /Fractional Anisotropy has no value/,
    ],
    [
      'a number without unit',
      (sr) => {
        remove(inFirstGroup(sr, '110808')[0]!['0040A300']!.Value![0]!, '004008EA');
      },
      /has no unit/,
    ],
    [
      'a decimal text that lost its exponent',
      (sr) => {
        const measured = inFirstGroup(sr, '113202')[0]!['0040A300']!.Value![0]!;
        set(measured, '0040A161', element('FD', 9.12e-10));
      },
      /is not the value/,
    ],
    [
      'a frame without position',
      (_, seg) => {
        remove(seg['52009230']!.Value![2]!, '00209113');
      },
      /frame 3: no position/,
    ],
    [
      'another frame of reference',
      (_, seg) => {
        set(seg, '00200052', element('UI', '2.25.8'));
      },
      /another Frame/,
    ],
    [
      'a source image outside the referenced series',
      (_, seg) => {
        seg['00081115']!.Value![0]!['0008114A']!.Value!.shift();
      },
      /not in the referenced series/,
    ],
  ])('reports %s', (_, change, message) => {
    const broken = JSON.parse(JSON.stringify({ report, segmentation })) as {
      report: typeof report;
      segmentation: typeof segmentation;
    };
    change(broken.report as unknown as Mutable, broken.segmentation as unknown as Mutable);
    expect(reportObjectFaults({ source, ...broken }).join('\n')).toMatch(message);
  });

  it('reports a slice whose frame does not exist', () => {
    expect(reportObjectFaults({ source, segmentation, report: sliceReport })).toEqual([]);
    const broken = JSON.parse(JSON.stringify(sliceReport)) as DicomJsonDataset;
    const [frame] = inFirstGroup(broken as unknown as Mutable, '121214');
    set(frame!['00081199']!.Value![0]!, '00081160', element('IS', 99));
    const faults = reportObjectFaults({ source, segmentation, report: broken });
    expect(faults.join('\n')).toMatch(/frame 99 is not in the segmentation/);
  });
});
