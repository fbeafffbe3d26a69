import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNifti } from '@myelon/nifti';
import { cervicalCordPhantom, phantomNiftiFiles } from '@myelon/phantom';
import { readAnalysisRecord } from '@myelon/pipeline';
import { buildCommandLine, myelon } from '../support/command-line';
import { dice } from '../support/outline-comparison';
import { writeFiles } from '../support/write-files';

jest.setTimeout(600_000);

const phantom = cervicalCordPhantom({ snr: 30, seed: 21, size: 'small' });
let folder: string;
const at = (...path: string[]) => join(folder, ...path);
const dti = () => ['--bval', at('in', 'dti.bval'), '--bvec', at('in', 'dti.bvec')];
const labelsAt = (...path: string[]) => Uint8Array.from(readNifti(readFileSync(at(...path))).data);
const analysed = async (name: string, ...options: string[]) => {
  const run = await myelon([
    ...['analyze', at('in', 'dti.nii.gz'), ...dti(), '--ivim', 'none', '--out', at(name)],
    ...options,
  ]);
  expect(run.stderr).not.toMatch(/refused/);
  expect([0, 4]).toContain(run.exitCode);
  return readAnalysisRecord(readFileSync(at(name, 'record.json'), 'utf8'), 'record');
};

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-outline-options-'));
  writeFiles(at('in'), phantomNiftiFiles(phantom));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('erosion by choice: recorded, in words and numbers, and what it drops is counted in record and table', async () => {
  const plain = await analysed('plain');
  expect(plain.cord.measuring).toEqual({ kind: 'inside', erosionMm: null, byDefault: true });
  const eroded = await analysed('eroded', '--erosion', '0.9');
  expect(eroded.cord.measuring).toEqual({ kind: 'erosion', erosionMm: 0.9, byDefault: false });
  expect(eroded.cord.measuringRule).toMatch(/0.9 mm or more inside the contour/);
  expect(eroded.cord.droppedVoxels).toBeGreaterThan(plain.cord.droppedVoxels ?? Infinity);
  const [whole] = eroded.regions;
  expect(whole?.droppedVoxels).toBe(eroded.cord.droppedVoxels);
  const [header = '', row = ''] = readFileSync(at('eroded', 'metrics.csv'), 'utf8').split('\r\n');
  const cells = (line: string) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) => cell);
  const column = cells(header).indexOf('voxels dropped against CSF');
  expect(Number(cells(row)[column])).toBe(eroded.cord.droppedVoxels);
});

test('an offset by choice: smaller areas, and it stands beside them', async () => {
  const plain = readAnalysisRecord(readFileSync(at('plain', 'record.json'), 'utf8'), 'record');
  const moved = await analysed('moved', '--offset-mm', '0.3');
  expect([plain, moved].map(({ morphometry }) => morphometry?.offsetMm)).toEqual([0, 0.3]);
  expect(moved.cord.offsetMm).toBe(0.3);
  const area = ({ morphometry }: typeof moved) => morphometry?.sections[1]?.areaMm2 ?? 0;
  expect(area(moved) / area(plain)).toBeLessThan(0.93);
});

test('an outline of the T2 image, and a mask drawn on it, are carried onto the diffusion slices', async () => {
  const outlined = await analysed('from-t2', '--outline-from', at('in', 't2-axial.nii.gz'));
  expect(outlined.cord.carriedFrom?.image).toMatch(/t2-axial/);
  const shifts = outlined.cord.carriedFrom?.shifts ?? [];
  expect(shifts.length).toBe(outlined.cord.slices.length);
  for (const { leftMm, backMm } of shifts) expect(Math.hypot(leftMm, backMm)).toBeLessThan(0.3);
  expect(dice(labelsAt('from-t2', 'mask.nii.gz'), labelsAt('plain', 'mask.nii.gz'))).toBeGreaterThan(0.93);
  const segmented = await myelon([
    ...['segment', at('in', 'dti.nii.gz'), ...dti(), '--out', at('registered.nii.gz')],
    ...['--register', at('from-t2', 'mask.nii.gz')],
  ]);
  expect(segmented.exitCode).toBe(0);
  expect(dice(labelsAt('registered.nii.gz'), labelsAt('plain', 'mask.nii.gz'))).toBeGreaterThan(0.9);
});

test('options that contradict each other are bad usage', async () => {
  const given = ['analyze', at('in', 'dti.nii.gz'), ...dti(), '--out', at('never')];
  for (const [options, message] of [
    [['--mask', 'm.nii.gz', '--register', 'm.nii.gz'], /give one outline/],
    [['--erosion', 'much'], /give inside, none, or a distance/],
    [['--offset-mm', '2'], /between -1 and 1/],
  ] as const) {
    const run = await myelon([...given, ...options]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(message);
  }
});
