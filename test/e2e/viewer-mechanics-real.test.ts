import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePart10, string, Tag } from '@myelon/dicom';
import { needsChromium } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { needsSharedData, sharedData } from '../support/shared-data';
import { expectB0Shown, expectOutlineKept, viewerWith, volumeOf } from './viewer-mechanics-checks';

jest.setTimeout(600_000);

function filesUnder(folder: string): Uint8Array[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => Uint8Array.from(readFileSync(path.join(entry.parentPath, entry.name))));
}

describe.each([
  { data: 'canon_v61_enhanced_oblique', folder: ['dicom'], objects: 'one object of 520 frames' },
  { data: 'siemens_xa61_enhanced_phantom', folder: ['dicom'], objects: 'one object per volume' },
])('real enhanced MR as it is: $data, $objects', ({ data, folder }) => {
  describeNeeding('opens', [needsChromium(), needsSharedData(data)], () => {
    const viewer = viewerWith(() => filesUnder(sharedData(data, ...folder)));

    it('shows the b0 volume of the series and keeps an outline on its grid', async () => {
      const opened = await viewer.open(data);
      const seriesUID = opened.series.replace('myelon-', '');
      const files = filesUnder(sharedData(data, ...folder))
        .map((bytes) => parsePart10(bytes, data))
        .filter(({ dataset }) => string(dataset, Tag.SeriesInstanceUID) === seriesUID);
      const volume = await volumeOf(files);
      await opened.shot('opened');
      await expectB0Shown(opened, volume);
      await expectOutlineKept(opened, volume.grid);
      await opened.shot('outline');
      expect(opened.watch.exceptions).toEqual([]);
    });
  });
});
