import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GradientTable } from '@myelon/diffusion';
import { niftiOrientedGrid, writeFslGradientTable } from '@myelon/nifti';
import {
  cervicalCordPhantom,
  diffusionVolumeToDicom,
  simulatedStudy,
  type DicomFile,
  type Phantom,
} from '@myelon/phantom';
import { buildCommandLine, myelon } from '../support/command-line';
import { writeFiles } from '../support/write-files';

jest.setTimeout(300_000);

let folder: string;
let phantom: Phantom;
const at = (...path: string[]) => join(folder, ...path);
const numbers = (...path: string[]) =>
  readFileSync(at(...path), 'utf8').trim().split(/\s+/u).map(Number); // prettier-ignore

/** Some volumes of the phantom's DTI as a series of its own. */
function series(volumes: readonly number[], seriesNumber: number, description: string): DicomFile[] {
  const { dti } = phantom;
  const size = dti.signal.length / dti.gradients.count;
  const signal = new Float32Array(size * volumes.length);
  for (const [to, from] of volumes.entries())
    signal.set(dti.signal.subarray(from * size, (from + 1) * size), to * size);
  const gradients = new GradientTable(
    volumes.map((volume) => dti.gradients.bValue(volume)),
    volumes.flatMap((volume) => [...dti.gradients.direction(volume)]),
  );
  return diffusionVolumeToDicom({ ...dti, gradients, signal, sources: [] }, simulatedStudy(11), {
    encoding: 'enhanced',
    description,
    seriesNumber,
    folder: `s${String(seriesNumber)}`,
  });
}

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-gradients-'));
  phantom = cervicalCordPhantom({ size: 'small', seed: 11 });
  const volumes = [...Array(phantom.dti.gradients.count).keys()];
  const isB0 = (volume: number) => phantom.dti.gradients.bValue(volume) === 0;
  const b0 = volumes.filter(isB0);
  const weighted = volumes.filter((volume) => !isB0(volume));
  writeFiles(at('apart'), [...series(b0, 5, 'DTI b0'), ...series(weighted, 6, 'DTI')]);
  writeFiles(at('two'), [...series(volumes, 5, 'DTI before'), ...series(volumes, 6, 'DTI after')]);
  writeFiles(at('one'), series(volumes, 5, 'DTI'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a b0 in a series of its own is joined, with a word', async () => {
  const { exitCode, stdout } = await myelon(['gradients', at('apart'), '--out', at('joined'), '--json']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/2 series joined into one: series 5 \\"DTI b0\\", series 6 \\"DTI\\"/);
  expect(numbers('joined', 'dwi.bval')).toEqual([...Array(5).fill(0), ...Array(30).fill(800)]);
});

test('two whole series: refused with both named; one or both can be chosen', async () => {
  const refused = await myelon(['gradients', at('two'), '--out', at('none')]);
  expect(refused.exitCode).toBe(3);
  expect(refused.stderr).toMatch(/DTI before.*DTI after.*--series/s);
  expect((await myelon(['gradients', at('two'), '--series', '6', '--out', at('second')])).exitCode).toBe(0);
  expect(numbers('second', 'dwi.bval')).toHaveLength(35);
  expect((await myelon(['gradients', at('two'), '--series', '5,6', '--out', at('both')])).exitCode).toBe(0);
  expect(numbers('both', 'dwi.bval')).toHaveLength(70);
});

test('a table given with DICOM replaces that of the headers, and it is said', async () => {
  const { grid, gradients } = phantom.dti;
  const halved = new GradientTable(
    [...gradients.bValues].map((b) => b / 2),
    [...Array(gradients.count).keys()].flatMap((volume) => [...gradients.direction(volume)]),
  );
  const { bval, bvec } = writeFslGradientTable(halved, niftiOrientedGrid(grid));
  writeFileSync(at('right.bval'), bval);
  writeFileSync(at('right.bvec'), bvec);
  const table = ['--bval', at('right.bval'), '--bvec', at('right.bvec')];
  const { exitCode, stdout } = await myelon([
    'gradients',
    at('one'),
    ...table,
    '--out',
    at('replaced'),
    '--json',
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('gradient table replaced: b-values from right.bval');
  expect(Math.max(...numbers('replaced', 'dwi.bval'))).toBe(400);
  const given = numbers('right.bvec');
  for (const [index, component] of numbers('replaced', 'dwi.bvec').entries())
    expect(component).toBeCloseTo(given[index]!, 6);
  expect(
    (await myelon(['gradients', at('one'), '--bval', at('right.bval'), '--out', at('half')])).exitCode,
  ).toBe(2);
});
