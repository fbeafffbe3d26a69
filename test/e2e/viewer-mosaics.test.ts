import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parsePart10 } from '@myelon/dicom';
import { needsChromium } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { needsSharedData, sharedData } from '../support/shared-data';
import { ReadingPage } from './reading-page';
import { crookedOutline, expectB0Shown, viewerWith, volumeOf } from './viewer-mechanics-checks';
import type { MechanicsPage, ViewerWindow } from './viewer-mechanics-page';

jest.setTimeout(600_000);

function filesOf(data: string): Uint8Array[] {
  const folder = sharedData(data, 'dicom');
  return readdirSync(folder).map((name) => Uint8Array.from(readFileSync(path.join(folder, name))));
}

/** The display set of the diffusion viewport, once the slices have taken the place of the mosaic. */
async function displaySetOfSlices({ page }: MechanicsPage): Promise<string> {
  const handle = await page.waitForFunction(() => {
    const { services } = globalThis as unknown as ViewerWindow;
    const shown = services.viewportGridService.getState().viewports.get('myelon-diffusion');
    const uid = shown?.displaySetInstanceUIDs?.[0] ?? '';
    const { displaySetService } = services;
    const drawn = services.cornerstoneViewportService.getCornerstoneViewport('myelon-diffusion');
    const slices = drawn?.getImageData()?.dimensions[2] ?? 1;
    return displaySetService && uid.startsWith('myelon-slices-') && slices > 1 ? uid : null;
  });
  return (await handle.jsonValue())!;
}

describe.each([
  { data: 'siemens_vd13_mosaic_oblique', table: /20 directions b 2000/ },
  { data: 'uih_r002_vframe', table: /16 directions/ },
])('images that hold all slices of a volume: $data', ({ data, table }) => {
  describeNeeding('are shown slice by slice', [needsChromium(), needsSharedData(data)], () => {
    const viewer = viewerWith(() => filesOf(data));

    it('with the values and at the place of every slice, and an outline on them', async () => {
      const opened = await viewer.open(data);
      const reading = new ReadingPage(opened.page, data);
      await reading.sectionIs('data', ['done', 'needs-look']);
      expect(await opened.page.locator('[data-section="data"]').textContent()).toMatch(table);
      const uid = await displaySetOfSlices(opened);
      const volume = await volumeOf(filesOf(data).map((bytes) => parsePart10(bytes, data)));
      await opened.shot('slices');
      await expectB0Shown(opened, volume);
      const labels = crookedOutline(volume.grid);
      await opened.host.evaluate(
        ({ outline }, [on, grid, given]) => outline.show(on, grid, Uint8Array.from(given)),
        [uid, volume.grid, [...labels]] as const,
      );
      expect(await opened.outline()).toEqual(labels);
      await opened.shot('outline');
      expect(opened.watch.exceptions).toEqual([]);
    });
  });
});
