import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePart10, string, Tag } from '@myelon/dicom';
import { voxelToPatient } from '@myelon/diffusion';
import { readNifti } from '@myelon/nifti';
import { cervicalCordPhantom, phantomDicomFiles, phantomNiftiFiles, type Phantom } from '@myelon/phantom';
import { readAnalysisRecord } from '@myelon/pipeline';
import { buildCommandLine, myelon } from '../support/command-line';
import { describeNeeding, pythonModule } from '../support/needs';
import { SYSTEM_PYTHON } from '../peers/python-peer';
import { writeFiles } from '../support/write-files';

jest.setTimeout(300_000);

let folder: string;
let phantom: Phantom;
const at = (...path: string[]) => join(folder, ...path);
const recordAt = (name: string) =>
  readAnalysisRecord(readFileSync(at(name, 'record.json'), 'utf8'), 'record');

/** A square of 7 x 5 voxels round the cord in two slices. */
function squares(): { slice: number; corners: number[] }[] {
  const { grid, labels } = phantom.truth;
  const perSlice = grid.columns * grid.rows;
  const first = labels.findIndex((label, index) => label > 0 && index >= perSlice);
  const [column, row] = [first % grid.columns, Math.floor(first / grid.columns) % grid.rows];
  return [1, 2].map((slice) => ({
    slice,
    corners: [
      [-3.4, -0.4],
      [3.4, -0.4],
      [3.4, 4.4],
      [-3.4, 4.4],
    ].flatMap(([du = 0, dv = 0]) => [...voxelToPatient(grid, [column + du, row + dv, slice])]),
  }));
}

beforeAll(() => {
  buildCommandLine();
  folder = mkdtempSync(join(tmpdir(), 'myelon-masks-'));
  phantom = cervicalCordPhantom({ snr: 30, seed: 8, size: 'small', turnDegrees: [8, -5, 3] });
  writeFiles(
    at('dicom'),
    phantomDicomFiles(phantom, { encoding: 'classic', without: ['t2-axial', 't2-sagittal', 'ivim'] }),
  );
  writeFiles(at('nifti'), phantomNiftiFiles(phantom));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('an outline written as SEG comes back voxel for voxel, in an oblique stack', async () => {
  const options = ['--ivim', 'none', '--compression-slices', '3'];
  const first = await myelon(['analyze', at('dicom'), ...options, '--out', at('a')]);
  expect([0, 4]).toContain(first.exitCode);
  const mask = ['--mask', at('a', 'seg.dcm')];
  const second = await myelon(['analyze', at('dicom'), ...options, ...mask, '--out', at('b')]);
  expect([0, 4]).toContain(second.exitCode);
  const labels = (name: string) => readNifti(readFileSync(at(name, 'mask.nii.gz'))).data;
  expect(labels('b')).toEqual(labels('a'));
  expect(recordAt('b').cord.method).toBe('imported');
  const { cord } = recordAt('a');
  expect((cord.measuredVoxels ?? 0) + (cord.droppedVoxels ?? 0)).toBe(cord.voxels);
  expect(cord.droppedVoxels).toBeGreaterThan(0);
});

test('one disc names the levels; the table says so', async () => {
  const dti = [
    at('nifti', 'dti.nii.gz'),
    '--bval',
    at('nifti', 'dti.bval'),
    '--bvec',
    at('nifti', 'dti.bvec'),
  ];
  const run = await myelon(['analyze', ...dti, '--ivim', 'none', '--disc', 'C5/6=2', '--out', at('levels')]);
  expect([0, 4]).toContain(run.exitCode);
  const record = recordAt('levels');
  expect(record.levels?.slices.find(({ slice }) => slice === 1)).toMatchObject({ disc: 'C5/6' });
  expect(readFileSync(at('levels', 'metrics.csv'), 'utf8')).toMatch(/level-C/);
  const wrong = await myelon(['analyze', ...dti, '--disc', 'L5=2', '--out', at('levels')]);
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toMatch(/no disc is called/);
});

describeNeeding('a structure set of another program', [pythonModule('pydicom')], () => {
  test('becomes the voxels inside its contours', async () => {
    const source = readdirSync(at('dicom'), { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.dcm'),
    );
    const header = parsePart10(readFileSync(at('dicom', source ?? '')), 'source').dataset;
    writeFileSync(
      at('rt.json'),
      JSON.stringify({
        frame: string(header, Tag.FrameOfReferenceUID),
        contours: squares().map(({ corners }) => corners),
      }),
    );
    execFileSync(SYSTEM_PYTHON, ['-c', WRITE_STRUCTURE_SET, at('rt.json'), at('rt.dcm')]);
    const run = await myelon([
      ...['analyze', at('dicom'), '--ivim', 'none'],
      ...['--mask', at('rt.dcm'), '--out', at('rt')],
    ]);
    expect([0, 4]).toContain(run.exitCode);
    expect(recordAt('rt').cord).toMatchObject({ method: 'imported', slices: [1, 2], voxels: 70 });
  });
});

const WRITE_STRUCTURE_SET = `
import json, sys
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid
given = json.load(open(sys.argv[1]))
meta = FileMetaDataset()
meta.TransferSyntaxUID = ExplicitVRLittleEndian
meta.MediaStorageSOPClassUID = '1.2.840.10008.5.1.4.1.1.481.3'
meta.MediaStorageSOPInstanceUID = generate_uid()
ds = FileDataset(sys.argv[2], {}, file_meta=meta, preamble=bytes(128))
ds.is_little_endian, ds.is_implicit_VR = True, False
ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.Modality = generate_uid(), generate_uid(), 'RTSTRUCT'
ds.StructureSetLabel = 'neck'
rois, drawn = [], []
for number, name in ((1, 'Canal'), (2, 'SpinalCord')):
    roi = Dataset()
    roi.ROINumber, roi.ROIName, roi.ReferencedFrameOfReferenceUID = number, name, given['frame']
    rois.append(roi)
    contours = []
    for corners in given['contours']:
        contour = Dataset()
        contour.ContourGeometricType = 'CLOSED_PLANAR'
        contour.NumberOfContourPoints = len(corners) // 3
        contour.ContourData = [f'{value:.5f}' for value in corners]
        contours.append(contour)
    entry = Dataset()
    entry.ReferencedROINumber, entry.ContourSequence = number, Sequence(contours)
    drawn.append(entry)
ds.StructureSetROISequence, ds.ROIContourSequence = Sequence(rois), Sequence(drawn)
ds.save_as(sys.argv[2], write_like_original=False)
`;
