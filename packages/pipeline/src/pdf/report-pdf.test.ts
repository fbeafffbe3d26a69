import { inflateSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { VoxelStatus, type ScalarMap, type QuantityId } from '@myelon/diffusion';
import { PDFDocument, PDFName, PDFRawStream } from 'pdf-lib';
import { colourAt, colourScalePointsOf } from '../colour-scales';
import { sampleRecord } from '../sample-record';
import { SAMPLE_GRID, sampleMask } from '../session/sample-inputs';
import { attachedRecord } from './attached-record';
import { cordPicture, cropAroundCord } from './cord-picture';
import type { ReportFonts } from './report-fonts';
import { reportPdf } from './report-pdf';
import { legibleName, studyFacts } from './study-facts';

const font = (name: string) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`));
const fonts: ReportFonts = {
  regular: font('DejaVuSans'),
  bold: font('DejaVuSans-Bold'),
  fontFor: () => Promise.resolve(null),
};
const size = SAMPLE_GRID.columns * SAMPLE_GRID.rows * SAMPLE_GRID.slices;
const map = (quantity: QuantityId, value: number): ScalarMap => ({
  grid: SAMPLE_GRID,
  quantity,
  unit: '1',
  method: 'made up',
  values: new Float32Array(size).fill(value),
  status: new Uint8Array(size).fill(VoxelStatus.valid),
});
const underlay = { image: Float32Array.from({ length: size }, (_, voxel) => voxel % 97), grid: SAMPLE_GRID };
const source = {
  '0020000D': { vr: 'UI', Value: ['2.25.7'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }] },
  '00100020': { vr: 'LO', Value: ['P-1'] },
  '00100030': { vr: 'DA', Value: ['19500505'] },
};
const request = {
  mask: sampleMask(),
  maps: [map('fa', 0.5)],
  underlay,
  study: studyFacts(source),
  state: 'draft' as const,
  fonts,
};

jest.setTimeout(60_000);

describe('the PDF of a report', () => {
  let pdf: Uint8Array;
  beforeAll(async () => {
    pdf = await reportPdf(sampleRecord(), request);
  });

  test('carries the record, whole, and says when it carries none', async () => {
    expect(await attachedRecord(pdf)).toEqual(sampleRecord());
    const other = await PDFDocument.create();
    other.addPage();
    expect(await attachedRecord(await other.save())).toBeNull();
    await expect(attachedRecord(new TextEncoder().encode('no PDF'))).rejects.toThrow(/not a PDF/);
  });

  test('is two A4 pages with embedded fonts only, and the same bytes for the same record', async () => {
    const document = await PDFDocument.load(pdf);
    expect(document.getPages().map((page) => Math.round(page.getWidth()))).toEqual([595, 595]);
    const objects = document.context.enumerateIndirectObjects().map(([, object]) => object);
    const embedded = objects.filter(
      (object) => object instanceof PDFRawStream && object.dict.has(PDFName.of('Length')),
    );
    expect(embedded.length).toBeGreaterThan(4);
    expect(Buffer.from(pdf).toString('latin1')).not.toContain('/Helvetica');
    expect(Buffer.from(await reportPdf(sampleRecord(), request)).equals(Buffer.from(pdf))).toBe(true);
  });

  test('shows the map in the colours of its scale inside the cord only', () => {
    const mask = sampleMask();
    const crop = cropAroundCord(mask, []);
    const picture = cordPicture(crop, mask, underlay, { map: map('fa', 0.5), range: [0, 1] });
    const colours = new Set<string>();
    for (let at = 0; at < picture.pixels.length; at += 3)
      colours.add([...picture.pixels.subarray(at, at + 3)].join(' '));
    expect(colours).toContain(colourAt(colourScalePointsOf('fa'), 0.5).join(' '));
    const grey = [...colours].filter((colour) => new Set(colour.split(' ')).size === 1);
    expect(colours.size - grey.length).toBe(2); // the scale's colour and the outline
  });

  test('shows a crop as wide and high as it is in the patient', () => {
    const crop = cropAroundCord(sampleMask(), []);
    const { columns, rows } = cordPicture(crop, sampleMask(), underlay);
    expect(columns / rows).toBeCloseTo(crop.widthMm / crop.heightMm, 1);
  });

  test('holds the pictures without loss', async () => {
    const { context } = await PDFDocument.load(pdf);
    const pictures = context
      .enumerateIndirectObjects()
      .flatMap(([, object]) =>
        object instanceof PDFRawStream && object.dict.get(PDFName.of('Subtype')) === PDFName.of('Image')
          ? [inflateSync(object.contents)]
          : [],
      );
    const expected = cordPicture(cropAroundCord(request.mask, []), request.mask, underlay);
    expect(pictures.some((pixels) => pixels.equals(Buffer.from(expected.pixels)))).toBe(true);
  });
});

describe('the name on a report', () => {
  const facts = studyFacts(source);

  test('shows every spelling the fonts can show', () => {
    expect(legibleName(facts, () => true)).toBe('Yamada Tarou (山田 太郎)');
  });

  test('says so when a spelling cannot be shown, and shows no boxes', () => {
    const latin = (text: string) => /^[\x20-\x7e]*$/.test(text);
    expect(legibleName(facts, latin)).toBe('Yamada Tarou (another spelling cannot be shown here)');
    expect(legibleName(facts, () => false)).toContain('cannot be shown here: see the images');
  });
});
