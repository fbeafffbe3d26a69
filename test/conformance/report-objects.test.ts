import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePart10, readMeasurementReport, readSegmentation, reportObjectFaults } from '@myelon/dicom';
import { regionStatistics } from '@myelon/diffusion';
import { describeNeeding, program, pythonModule } from '../support/needs';
import { VALIDATORS, dcentvfy, dciodvfy, dsrdump, pixelmedReportValidator } from '../support/validators';
import { voxelsOf } from './report-objects-parts';
import { sampleObjects, type SampleCase, type SampleObjects } from './report-objects-sample';

const cases: SampleCase[] = [
  { columns: 15, rows: 15, slices: 4, encoding: 'classic' },
  { columns: 133, rows: 77, slices: 3, encoding: 'classic' },
  { columns: 15, rows: 15, slices: 5, encoding: 'enhanced' },
  { columns: 16, rows: 9, slices: 1, encoding: 'enhanced' },
  { columns: 15, rows: 15, slices: 200, encoding: 'enhanced' },
];
const PARTS = ['sr-levels.dcm', 'sr-mjoa.dcm', 'sr-slices.dcm'];
/** Each takes the validator half a minute; the other parts have the same templates. All with MYELON_ALL_TEMPLATES=1. */
const VALIDATED =
  process.env['MYELON_ALL_TEMPLATES'] === '1' ? ['sr.dcm', ...PARTS] : ['sr.dcm', 'sr-mjoa.dcm'];
const title = ({ columns, rows, slices, encoding }: SampleCase) =>
  `${String(columns)} x ${String(rows)} x ${String(slices)}, ${encoding}`;
const titled = cases.map((sample) => [title(sample), sample] as const);

let folder = '';
const written = new Map<SampleCase, SampleObjects>();
const objects = (sample: SampleCase): SampleObjects => written.get(sample)!;
const pathOf = (sample: SampleCase, file: string) => join(folder, String(cases.indexOf(sample)), file);
const sourcePaths = (sample: SampleCase) =>
  objects(sample).sourceFiles.map((_, index) => pathOf(sample, `source-${String(index)}.dcm`));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'myelon-report-objects-'));
  for (const sample of cases) {
    const made = sampleObjects(sample);
    written.set(sample, made);
    mkdirSync(pathOf(sample, '.'), { recursive: true });
    writeFileSync(pathOf(sample, 'seg.dcm'), made.segmentation);
    writeFileSync(pathOf(sample, 'sr.dcm'), made.report);
    writeFileSync(pathOf(sample, 'sr-slices.dcm'), made.sliceReport);
    writeFileSync(pathOf(sample, 'sr-levels.dcm'), made.levelReport);
    writeFileSync(pathOf(sample, 'sr-mjoa.dcm'), made.mjoaReport);
    writeFileSync(pathOf(sample, 'pm.dcm'), made.map);
    writeFileSync(pathOf(sample, 'pdf.dcm'), made.document);
    writeFileSync(pathOf(sample, 'ko.dcm'), made.keyObject);
    for (const [index, path] of sourcePaths(sample).entries()) writeFileSync(path, made.sourceFiles[index]!);
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(titled)('report objects of %s images', (_, sample) => {
  it('keep what validators do not check', () => {
    const { source, segmentation, report, sliceReport, levelReport, mjoaReport, map, document, keyObject } =
      objects(sample);
    const faults = [report, sliceReport, levelReport].flatMap((one) =>
      reportObjectFaults({
        source,
        segmentation: parsePart10(segmentation).dataset,
        report: parsePart10(one).dataset,
        map: parsePart10(map).dataset,
        others: [mjoaReport, document, keyObject].map((bytes) => parsePart10(bytes).dataset),
      }),
    );
    expect(faults).toEqual([]);
  });

  it('agree: the mean in the report is the mean over the segment', () => {
    const { segmentation, report, grid, fa } = objects(sample);
    const { regions } = readMeasurementReport(parsePart10(report).dataset);
    for (const segment of readSegmentation(segmentation, grid).segments) {
      const region = regions.find(({ trackingUID }) => trackingUID === segment.trackingUID)!;
      const recomputed = regionStatistics(fa, voxelsOf(segment)) as { mean: number; n: number };
      const reported = region.quantities.find(({ quantity }) => quantity === 'fa') as {
        n: number;
        statistics: { mean: number };
      };
      expect(reported.n).toBe(recomputed.n);
      expect(reported.statistics.mean).toBeCloseTo(recomputed.mean, 12);
    }
  });
});

describeNeeding('dciodvfy', [program(VALIDATORS.dciodvfy)], () => {
  it.each(titled)('finds no error in segmentation, report and map of %s images', (_, sample) => {
    const segmentation = dciodvfy(pathOf(sample, 'seg.dcm'));
    const report = dciodvfy(pathOf(sample, 'sr.dcm'));
    expect([segmentation.text.includes('Segmentation'), report.text.includes('Comprehensive3DSR')]).toEqual([
      true,
      true,
    ]);
    const map = dciodvfy(pathOf(sample, 'pm.dcm'));
    expect(map.text).toContain('ParametricMap');
    const document = dciodvfy(pathOf(sample, 'pdf.dcm'));
    const keyObject = dciodvfy(pathOf(sample, 'ko.dcm'));
    expect([document.text, keyObject.text]).toEqual([
      expect.stringContaining('EncapsulatedPDF'),
      expect.stringContaining('KeyObjectSelectionDocument'),
    ]);
    const parts = PARTS.map((file) => dciodvfy(pathOf(sample, file)));
    for (const { text } of parts) expect(text).toContain('Comprehensive3DSR');
    const all = [segmentation, report, ...parts, map, document, keyObject];
    expect(all.flatMap(({ errors }) => errors)).toEqual([]);
  });
});

describeNeeding('dsrdump', [program(VALIDATORS.dsrdump)], () => {
  it.each(titled)('reads the report of %s images without complaint', (_, sample) => {
    const { errors, text } = dsrdump(pathOf(sample, 'sr.dcm'));
    expect(errors).toEqual([]);
    expect(text).toContain('Fractional Anisotropy');
    for (const file of ['ko.dcm', ...PARTS]) expect(dsrdump(pathOf(sample, file)).errors).toEqual([]);
  });
});

describeNeeding('dcentvfy', [program(VALIDATORS.dcentvfy)], () => {
  it.each(titled)('finds results and sources of %s images in one patient and study', (_, sample) => {
    const { errors } = dcentvfy([
      ...sourcePaths(sample),
      pathOf(sample, 'seg.dcm'),
      ...['sr.dcm', ...PARTS, 'pm.dcm', 'pdf.dcm', 'ko.dcm'].map((file) => pathOf(sample, file)),
    ]);
    expect(errors).toEqual([]);
  });
});

describeNeeding('PixelMed', [program(VALIDATORS.pixelmed)], () => {
  it.each(VALIDATED)(
    'finds %s to follow its templates',
    (file) => {
      const { errors, text } = pixelmedReportValidator(pathOf(cases[3]!, file));
      expect(text).toContain('Root Template');
      expect(errors).toEqual([]);
    },
    600_000,
  );
});

describeNeeding('pydicom', [pythonModule('pydicom')], () => {
  const script = `
import sys, json, pydicom
seg, sr, pm = (pydicom.dcmread(path) for path in sys.argv[1:4])
def numbers(item):
    for child in item.get('ContentSequence', []):
        if child.ValueType == 'NUM':
            value = child.MeasuredValueSequence[0]
            derivation = [c.ConceptCodeSequence[0].CodeValue for c in child.get('ContentSequence', [])
                          if c.ValueType == 'CODE' and c.ConceptNameCodeSequence[0].CodeValue == '121401']
            yield [child.ConceptNameCodeSequence[0].CodeValue, derivation, float(value.NumericValue)]
        yield from numbers(child)
frames = seg.pixel_array
print(json.dumps({
    'patient': str(sr.PatientName),
    'map': pm.pixel_array.astype(float).ravel().tolist(),
    'frames': [[int(g.SegmentIdentificationSequence[0].ReferencedSegmentNumber), int(frames[i].sum())]
               for i, g in enumerate(seg.PerFrameFunctionalGroupsSequence)],
    'positions': [[float(v) for v in g.PlanePositionSequence[0].ImagePositionPatient]
                  for g in seg.PerFrameFunctionalGroupsSequence],
    'numbers': list(numbers(sr)),
}))`;

  it.each(titled)('reads pixels and numbers of %s images', (_, sample) => {
    const { stdout, stderr } = spawnSync(
      '/usr/bin/python3',
      ['-c', script, ...['seg.dcm', 'sr.dcm', 'pm.dcm'].map((file) => pathOf(sample, file))],
      { encoding: 'utf8', env: { ...process.env, PYTHONIOENCODING: 'utf-8' }, maxBuffer: 1 << 27 },
    );
    expect(stderr).not.toContain('Error');
    const read = JSON.parse(stdout) as {
      patient: string;
      map: number[];
      frames: [number, number][];
      numbers: [string, string[], number][];
    };
    const { segments, fa } = objects(sample);
    expect(read.patient).toBe('Müller^Jörg');
    expect(Buffer.from(Float32Array.from(read.map).buffer).equals(Buffer.from(fa.values.buffer))).toBe(true);
    for (const [index, segment] of segments.entries()) {
      const inside = read.frames
        .filter(([segmentNumber]) => segmentNumber === index + 1)
        .reduce((sum, [, pixels]) => sum + pixels, 0);
      expect(inside).toBe(voxelsOf(segment).length);
    }
    const means = read.numbers.filter(
      ([code, [derivation]]) => code === '110808' && derivation === '373098007',
    );
    const expected = segments
      .map(voxelsOf)
      .map((voxels) => (regionStatistics(fa, voxels) as { mean: number }).mean);
    const ascending = (numbers: number[]) => numbers.sort((p, q) => p - q);
    expect(ascending(means.map(([, , value]) => value))).toEqual(
      ascending(expected).map((mean) => expect.closeTo(mean, 12) as number),
    );
  });
});
