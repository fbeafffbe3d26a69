import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parsePart10 } from '@myelon/dicom';
import { cervicalCordPhantom, phantomDicomFiles, type DicomFile } from '@myelon/phantom';
import { needsChromium } from '../support/browser';
import { describeNeeding, program as installed } from '../support/needs';
import { viewerWith, volumeOf } from './viewer-mechanics-checks';

jest.setTimeout(600_000);

const phantom = cervicalCordPhantom({ seed: 55, snr: 30, size: 'small' });

function dtiFiles(): DicomFile[] {
  return phantomDicomFiles(phantom, { encoding: 'classic', without: ['ivim', 't2-axial', 't2-sagittal'] });
}

/** The DTI series of the phantom, every file compressed by dcmtk. */
function compressed(program: string, options: readonly string[]): Uint8Array[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'myelon-compressed-'));
  try {
    return dtiFiles().map(({ bytes }) => {
      const [from, to] = [path.join(folder, 'from.dcm'), path.join(folder, 'to.dcm')];
      writeFileSync(from, bytes);
      execFileSync(program, [...options, from, to]);
      return Uint8Array.from(readFileSync(to));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each([
  { name: 'JPEG-LS', program: 'dcmcjpls', options: [] },
  { name: 'JPEG lossless', program: 'dcmcjpeg', options: ['+e1'] },
  { name: 'RLE', program: 'dcmcrle', options: [] },
])('a series that the archive keeps as $name', ({ name, program, options }) => {
  describeNeeding('is read in the browser', [needsChromium(), installed(program)], () => {
    const viewer = viewerWith(() => compressed(program, options));

    it('value for value', async () => {
      const opened = await viewer.open(`compressed ${name}`);
      const read = await volumeOf(dtiFiles().map(({ path: file, bytes }) => parsePart10(bytes, file)));
      const got = await opened.host.evaluate(
        async ({ pixels }, [uid, frames]) => {
          const values: number[][] = [];
          const keep = (index: number, frame: ArrayLike<number>) => (values[index] = Array.from(frame));
          await pixels.load([uid], frames, keep, new AbortController().signal);
          return values;
        },
        [opened.series, read.sources] as const,
      );
      expect(got.flat()).toEqual([...read.signal]);
      await opened.shot('shown');
      expect(opened.watch.exceptions).toEqual([]);
    });
  });
});
