import { parsePart10, string, Tag } from '@myelon/dicom';
import { patientToVoxel, spacingMm, voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import { cervicalCordPhantom, phantomDicomFiles, type Phantom } from '@myelon/phantom';
import { needsChromium } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { expectB0Shown, expectOutlineKept, viewerWith, volumeOf } from './viewer-mechanics-checks';
import type { MechanicsPage } from './viewer-mechanics-page';

jest.setTimeout(600_000);

describeNeeding('the viewer under the reading, on the phantom', [needsChromium()], () => {
  let phantom: Phantom;
  let files: Uint8Array[];
  const viewer = viewerWith(() => {
    // Turned, so that rows, columns and slices lie along no patient axis.
    phantom = cervicalCordPhantom({ seed: 3, snr: 30, size: 'small', turnDegrees: [12, -5, 3] });
    files = phantomDicomFiles(phantom, { encoding: 'classic' }).map(({ bytes }) => bytes);
    return files;
  });
  let opened: MechanicsPage;
  let grid: VoxelGrid;

  beforeAll(async () => {
    opened = await viewer.open('phantom');
    grid = phantom.dti.grid;
  });

  it('hangs sagittal T2, diffusion, map and axial T2', async () => {
    expect(await opened.layout()).toEqual({
      'myelon-sagittal': 'T2 TSE sagittal',
      'myelon-diffusion': 'DTI 30 directions',
      'myelon-map': 'DTI 30 directions',
      'myelon-axial': 'T2 TSE axial',
    });
    await opened.shot('opened');
  });

  it('shows the b0 volume, every slice at its place', async () => {
    await expectB0Shown(opened, phantom.dti);
  });

  it('scrolls from slice to slice in anatomical order, the other axial views with it', async () => {
    const start = Math.floor(grid.slices / 2);
    await opened.goToSlice(start);
    const centre = voxelToPatient(grid, [grid.columns / 2, grid.rows / 2, start]);
    const { x, y } = await opened.pointOn('myelon-diffusion', centre);
    await opened.page.mouse.move(x, y);
    const seen = [start];
    for (let step = 0; step < 2; step++) {
      await opened.page.mouse.wheel(0, 120);
      await opened.page.waitForTimeout(900);
      seen.push((await opened.currentSlice()) ?? -1);
    }
    expect([
      [start, start + 1, start + 2],
      [start, start - 1, start - 2],
    ]).toContainEqual(seen);
    const now = seen.at(-1) ?? -1;
    expect(patientToVoxel(grid, await opened.planeOf('myelon-map'))[2]).toBeCloseTo(now, 3);
    const [, , axial] = patientToVoxel(grid, await opened.planeOf('myelon-axial'));
    const halfAStep = spacingMm(phantom.axialT2.grid)[2] / spacingMm(grid)[2] / 2;
    expect(Math.abs(axial - now)).toBeLessThanOrEqual(halfAStep + 0.01);
  });

  it('keeps an outline voxel by voxel', async () => {
    await expectOutlineKept(opened, grid);
    await opened.shot('outline');
  });

  it('takes brush and eraser strokes on the slice on screen, and says so once', async () => {
    await opened.goToSlice(3);
    const before = await opened.outline();
    const target = [Math.round(grid.columns * 0.55), Math.round(grid.rows * 0.6), 3] as const;
    const { x, y } = await opened.pointOn('myelon-diffusion', voxelToPatient(grid, target));
    await opened.host.evaluate((host) => {
      const counter = globalThis as unknown as { strokes: number };
      counter.strokes = 0;
      host.outline.onEdited(() => counter.strokes++);
      host.drawing.activate('brush', 4);
    });
    const stroke = async () => {
      await opened.page.mouse.move(x, y);
      await opened.page.mouse.down();
      await opened.page.mouse.move(x + 3, y + 3, { steps: 3 });
      await opened.page.mouse.up();
      await opened.page.waitForTimeout(1500);
    };
    await stroke();
    const drawn = await opened.outline();
    const perSlice = grid.columns * grid.rows;
    const changed = [...drawn.keys()].filter((index) => drawn[index] !== before[index]);
    expect(changed.length).toBeGreaterThan(3);
    expect(new Set(changed.map((index) => Math.floor(index / perSlice)))).toEqual(new Set([3]));
    const far = changed.filter((index) => {
      const inSlice = index % perSlice;
      const [column, row] = [inSlice % grid.columns, Math.floor(inSlice / grid.columns)];
      return Math.hypot(column - target[0], row - target[1]) > 5;
    });
    expect(far).toEqual([]);
    expect(await opened.page.evaluate(() => (globalThis as unknown as { strokes: number }).strokes)).toBe(1);
    await opened.shot('brush');

    await opened.host.evaluate(({ drawing }) => {
      drawing.activate('eraser', 7);
    });
    await stroke();
    expect(await opened.outline()).toEqual(before);
    await opened.host.evaluate(({ drawing }) => {
      drawing.activate('none', 2);
    });
  });

  it('shows a map with its colours, its colour bar and its value under the mouse', async () => {
    const inside = voxelToPatient(grid, [14, 9, 3]);
    const outside = voxelToPatient(grid, [4, 4, 3]);
    const before = [
      await opened.colourAt('myelon-map', inside),
      await opened.colourAt('myelon-map', outside),
    ];
    await opened.host.evaluate(
      async (host, [uid, onGrid]) => {
        const count = onGrid.columns * onGrid.rows * onGrid.slices;
        const column = (index: number) => index % onGrid.columns;
        const values = Float32Array.from(
          { length: count },
          (_, index) => 0.003 * (column(index) / onGrid.columns),
        );
        const status = Uint8Array.from({ length: count }, (_, index) => (column(index) < 8 ? 1 : 0));
        const map = {
          grid: onGrid,
          quantity: 'md' as const,
          unit: 'mm2/s' as const,
          method: 'test',
          values,
          status,
        };
        await host.maps.set(uid, [map]);
        await host.maps.show({ quantity: 'md', range: [0, 0.003], opacity: 1 });
        const probed = globalThis as unknown as { probe: unknown };
        host.maps.onProbe((probe) => {
          if (probe) probed.probe = probe;
        });
      },
      [opened.series, grid] as const,
    );
    await opened.page.waitForTimeout(2000);
    await opened.shot('map');
    expect(await opened.colourAt('myelon-map', inside)).not.toEqual(before[0]);
    expect(await opened.colourAt('myelon-map', outside)).toEqual(before[1]);
    const bar = opened.page.locator('[data-cy="myelon-colour-bar"]');
    expect(await bar.textContent()).toMatch(/MD 10⁻⁶ mm²\/s.*3000.*1500.*0/);

    const { x, y } = await opened.pointOn('myelon-map', inside);
    await opened.page.mouse.move(x - 5, y);
    await opened.page.mouse.move(x, y);
    await opened.page.waitForTimeout(500);
    const probe = await opened.page.evaluate(
      () => (globalThis as unknown as { probe: { quantity: string; value: number; voxel: number[] } }).probe,
    );
    expect(probe.voxel).toEqual([14, 9, 3]);
    expect(probe.value).toBeCloseTo(0.003 * (14 / grid.columns), 8);

    await opened.host.evaluate(({ maps }) => maps.show(null));
    await opened.page.waitForTimeout(1500);
    expect(await bar.count()).toBe(0);
    expect(await opened.colourAt('myelon-map', inside)).toEqual(before[0]);
  });

  it('gives the voxel the reader clicks, and none after Escape', async () => {
    await opened.goToSlice(1);
    const { x, y } = await opened.pointOn('myelon-diffusion', voxelToPatient(grid, [15, 10, 1]));
    const pick = () =>
      opened.host.evaluate(
        ({ navigation }, uid) =>
          navigation.pickVoxel(uid, new AbortController().signal).then(
            (voxel) => [...voxel],
            (reason: unknown) => (reason as Error).name,
          ),
        opened.series,
      );
    const picked = pick();
    await opened.page.waitForTimeout(300);
    await opened.page.mouse.click(x, y);
    expect(await picked).toEqual([15, 10, 1]);
    const left = pick();
    await opened.page.waitForTimeout(300);
    await opened.page.keyboard.press('Escape');
    expect(await left).toBe('AbortError');
  });

  it('gives the pixels of any frame after rescale', async () => {
    const wanted = [0, 17, 150];
    const series = files
      .map((bytes) => parsePart10(bytes, 'file'))
      .filter(({ dataset }) => string(dataset, Tag.SeriesDescription) === 'DTI 30 directions');
    const read = await volumeOf(series);
    const got = await opened.host.evaluate(
      async ({ pixels }, [uid, frames]) => {
        const values: number[][] = [];
        await pixels.load(
          [uid],
          frames,
          (index, pixel) => (values[index] = Array.from(pixel)),
          new AbortController().signal,
        );
        return values;
      },
      [opened.series, wanted.map((at) => read.sources[at]!)] as const,
    );
    const perSlice = grid.columns * grid.rows;
    for (const [order, at] of wanted.entries()) {
      expect(got[order]).toEqual([...read.signal.subarray(at * perSlice, (at + 1) * perSlice)]);
    }
  });

  it('comes back from the study list with the images in place', async () => {
    await opened.page.locator('[data-cy="return-to-work-list"]').click();
    await opened.page.getByText('Phantom').first().click();
    await opened.page
      .getByRole('button', { name: /Cervical myelopathy/i })
      .first()
      .click();
    await opened.untilImages();
    expect(await opened.layout()).toMatchObject({ 'myelon-map': 'DTI 30 directions' });
    await expectB0Shown(opened, phantom.dti);
  });

  it('raises no error, breaks no policy and asks nobody else', () => {
    expect(opened.watch.exceptions).toEqual([]);
    expect(opened.watch.policyViolations).toEqual([]);
    expect(opened.watch.foreignRequests).toEqual([]);
  });

  it('says on screen when a plugin cannot be loaded, and the viewer starts without it', async () => {
    const { page } = opened;
    await page.route(/\/plugins\/(?!extension\.js|mode\.js).*\.js/, (route) => route.abort());
    await page.goto(new URL('/', page.url()).href);
    const notice = page.locator('[data-cy="myelon-plugin-failure"]').first();
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(/Myelon \w+ could not be loaded/);
    await page.getByText('Phantom').first().waitFor();
    await opened.shot('plugin-failure');
  });
});
