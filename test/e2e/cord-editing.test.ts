import { DicomWebClient, parsePart10, readSegmentation, string, Tag } from '@myelon/dicom';
import { voxelToPatient, type VoxelGrid } from '@myelon/diffusion';
import { cervicalCordPhantom, phantomDicomFiles, type Phantom } from '@myelon/phantom';
import { needsChromium } from '../support/browser';
import { describeNeeding } from '../support/needs';
import { viewerWith } from './viewer-mechanics-checks';
import type { MechanicsPage } from './viewer-mechanics-page';
import { ReadingPage } from './reading-page';
import { tableFollowed, watchTable } from './table-watch';

jest.setTimeout(600_000);

/** Turned, so that rows, columns and slices lie along no patient axis: a shift by a voxel would show. */
const TURN_DEGREES = [12, -5, 3] as const;

describeNeeding('correcting the outline with the mouse, in an oblique stack', [needsChromium()], () => {
  let phantom: Phantom;
  let grid: VoxelGrid;
  let opened: MechanicsPage;
  let reading: ReadingPage;
  let study: string;
  const viewer = viewerWith(() => {
    phantom = cervicalCordPhantom({ seed: 11, snr: 30, turnDegrees: TURN_DEGREES });
    grid = phantom.dti.grid;
    const files = phantomDicomFiles(phantom, { encoding: 'classic' }).map(({ bytes }) => bytes);
    study = string(parsePart10(files[0]!, 'phantom').dataset, Tag.StudyInstanceUID)!;
    return files;
  });

  beforeAll(async () => {
    opened = await viewer.open('cord editing');
    reading = new ReadingPage(opened.page, 'cord editing');
    await reading.waitForData();
    await reading.next();
    await reading.sectionIs('cord', ['done', 'needs-look']);
    await reading.next();
    await reading.sectionIs('metrics', ['done']);
    await reading.open('cord');
  });

  const perSlice = () => grid.columns * grid.rows;
  const slicesChanged = (p: Uint8Array, q: Uint8Array) => [
    ...new Set([...p.keys()].filter((at) => p[at] !== q[at]).map((at) => Math.floor(at / perSlice()))),
  ];
  const count = (labels: Uint8Array, slice: number) =>
    labels.slice(slice * perSlice(), (slice + 1) * perSlice()).filter((label) => label > 0).length;
  const tableVoxels = async (slice: number) =>
    Number(
      await opened.page.locator(`tr[data-region="slice-${String(slice + 1)}"] td:last-child`).textContent(),
    );
  const tool = (name: string) => opened.page.locator(`[data-tool="${name}"]`).click();
  const slice = 6;
  /** Middle of the cord in that slice, [column, row], by the phantom's own truth. */
  const middle = () => {
    const inside = [...phantom.truth.labels.subarray(slice * perSlice(), (slice + 1) * perSlice()).entries()]
      .filter(([, label]) => label > 0)
      .map(([at]) => [at % grid.columns, Math.floor(at / grid.columns)] as const);
    const mean = (axis: 0 | 1) => inside.reduce((sum, one) => sum + one[axis], 0) / inside.length;
    return [mean(0), mean(1)] as const;
  };
  const on = (column: number, row: number) =>
    opened.pointOn('myelon-diffusion', voxelToPatient(grid, [column, row, slice]));

  /** Drags along points given as voxels, and says how long the table took to follow, ms. */
  async function drag(points: readonly (readonly [number, number])[]): Promise<number> {
    const { mouse } = opened.page;
    const [first, ...rest] = await Promise.all(points.map(([column, row]) => on(column, row)));
    await watchTable(opened.page);
    await mouse.move(first!.x, first!.y);
    await mouse.down();
    for (const { x, y } of rest) await mouse.move(x, y, { steps: 4 });
    await mouse.up();
    return tableFollowed(opened.page);
  }

  it('brush and eraser change this slice, its numbers follow, and undo brings both back', async () => {
    await opened.goToSlice(slice);
    const [column, row] = middle();
    const before = await opened.outline();
    const voxels = await tableVoxels(slice);
    await tool('brush');
    await opened.shot('brush');
    // Another viewport was looked at in between: the first stroke must not be lost.
    const sagittal = await opened.pointOn('myelon-sagittal', voxelToPatient(grid, [column, row, slice]));
    await opened.page.mouse.move(sagittal.x, sagittal.y);
    await opened.page.mouse.wheel(0, 120);
    await opened.page.waitForTimeout(800);
    const added = await drag([[column + 5, row], [column + 9, row]]); // prettier-ignore
    const drawn = await opened.outline();
    expect(slicesChanged(before, drawn)).toEqual([slice]);
    expect(count(drawn, slice)).toBeGreaterThan(count(before, slice) + 3);
    expect(await tableVoxels(slice)).toBe(count(drawn, slice));
    await tool('eraser');
    const erased = await drag([[column + 5, row], [column + 10, row]]); // prettier-ignore
    expect(count(await opened.outline(), slice)).toBeLessThan(count(drawn, slice));
    await opened.page.keyboard.press('Control+z');
    await opened.page.waitForTimeout(1500);
    expect(await opened.outline()).toEqual(drawn);
    await opened.page.keyboard.press('Control+z');
    await opened.page.waitForTimeout(1500);
    expect(await opened.outline()).toEqual(before);
    expect(await tableVoxels(slice)).toBe(voxels);
    await opened.page.keyboard.press('Control+y');
    await opened.page.waitForTimeout(1500);
    expect(await opened.outline()).toEqual(drawn);
    await opened.page.keyboard.press('Control+z');
    await opened.page.waitForTimeout(1500);
    console.info(`numbers after letting go: brush ${added.toFixed(0)} ms, eraser ${erased.toFixed(0)} ms`);
  });

  it('threshold brush takes cord and leaves fluid', async () => {
    const [column, row] = middle();
    const before = await opened.outline();
    await tool('threshold');
    expect(await opened.page.locator('.myelon-body [role="status"]').first().textContent()).toMatch(
      /Takes -?\d+ to \d+/,
    );
    await opened.shot('threshold');
    // Over the left edge, well into the fluid beside the cord.
    await drag([[column - 6, row], [column - 9, row]]); // prettier-ignore
    const after = await opened.outline();
    const added = [...after.keys()].filter((at) => after[at]! > 0 && before[at] === 0);
    const wrong = added.filter((at) => {
      const inSlice = at % perSlice();
      return Math.hypot((inSlice % grid.columns) - column, Math.floor(inSlice / grid.columns) - row) > 8.6;
    });
    expect(wrong).toEqual([]);
  });

  it('a line drawn round the cord, and a spline clicked round it, become the outline of the slice', async () => {
    const [column, row] = middle();
    const ring = (points: number, radius: number) =>
      Array.from({ length: points }, (_, at) => {
        const angle = (2 * Math.PI * at) / points;
        return [column + radius * Math.cos(angle), row + radius * Math.sin(angle)] as const;
      });
    const before = await opened.outline();
    await tool('freehand');
    await drag([...ring(24, 5), ring(24, 5)[0]!]);
    const drawn = await opened.outline();
    expect(slicesChanged(before, drawn)).toEqual([slice]);
    expect(Math.abs(count(drawn, slice) - Math.PI * 25)).toBeLessThan(9);
    await tool('spline');
    for (const [at, [c, r]] of [...ring(8, 4), ring(8, 4)[0]!].entries()) {
      const { x, y } = await on(c, r);
      await opened.page.mouse.move(x, y, { steps: 2 });
      if (at === 5) await opened.shot('spline');
      await opened.page.mouse.click(x, y);
    }
    await opened.page.waitForTimeout(1500);
    const splined = await opened.outline();
    expect(Math.abs(count(splined, slice) - Math.PI * 16)).toBeLessThan(7);
    expect(slicesChanged(drawn, splined)).toEqual([slice]);
    await opened.page.locator('[data-tool="spline"]').click();
  });

  it('copies, grows, interpolates, outlines again and points out what jumps', async () => {
    const outline = await opened.outline();
    await reading.press(`Copy to slice ${String(slice + 2)}`);
    await opened.page.waitForTimeout(1500);
    const copied = await opened.outline();
    expect(copied.slice((slice + 1) * perSlice(), (slice + 2) * perSlice())).toEqual(
      outline.slice(slice * perSlice(), (slice + 1) * perSlice()),
    );
    for (let step = 0; step < 4; step++) await reading.press('Widen by 0.5 mm');
    await opened.page.waitForTimeout(1500);
    expect(count(await opened.outline(), slice + 1)).toBeGreaterThan(1.6 * count(copied, slice + 1));
    await opened.page.locator('.myelon-section[data-section="cord"] li', { hasText: `Slice ${String(slice + 2)}:` }).waitFor(); // prettier-ignore
    await opened.shot('finding');
    await reading.press('Outline this slice again');
    await reading.sectionIs('cord', ['done', 'needs-look']);
    await opened.page.waitForTimeout(1500);
    const again = await opened.outline();
    const truth = phantom.truth.labels;
    expect(Math.abs(count(again, slice + 1) / count(truth, slice + 1) - 1)).toBeLessThan(0.15);
  });

  it('names levels from one disc clicked in the sagittal T2; a dragged disc and the keyboard move them', async () => {
    const { page } = opened;
    await page.locator('.myelon summary', { hasText: 'Levels' }).click();
    await page.locator('[data-disc-choice]').selectOption('C5/6');
    await reading.press('Click on it in the sagittal T2');
    const [column, row] = middle();
    const { x, y } = await opened.pointOn('myelon-sagittal', voxelToPatient(grid, [column, row, slice]));
    await page.mouse.click(x, y);
    const rowOf = (disc: string) => page.locator(`[data-disc-row="${disc}"]`);
    await rowOf('C5/6').locator('text=forget').waitFor();
    expect(await rowOf('C5/6').locator('td').nth(1).textContent()).toBe(String(slice + 1));
    expect(await rowOf('C6/7').textContent()).toMatch(/proposal/);
    const position = async (disc: string) => Number(await rowOf(disc).locator('td').first().textContent());
    const before = await position('C6/7');
    await opened.shot('levels');
    const handle = (await page.locator('[data-disc="C6/7"] circle').boundingBox())!;
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2 + 12, { steps: 4 });
    await page.mouse.up();
    await rowOf('C6/7').locator('text=forget').waitFor();
    expect(await position('C6/7')).toBeGreaterThan(before);
    const dragged = await position('C6/7');
    await page.getByRole('button', { name: 'Move C6/7 up by 1 mm' }).press('Enter');
    await page.waitForTimeout(1000);
    expect(await position('C6/7')).toBe(dragged - 1);
    await page.locator('[data-region-choice]').selectOption('level-C5');
    await page.locator('[data-details="level-C5"]').waitFor();
    expect(await page.locator('tr[data-region="level-C6"]').count()).toBe(1);
    await page.locator('[data-region-choice]').scrollIntoViewIfNeeded();
    await opened.shot('statistics');
  });

  it('proposes the narrowest level, and compares it with the cord above once it is marked', async () => {
    const text = await opened.page.locator('[data-shape="narrowest"]').textContent();
    expect(phantom.compressedSlices.map((one) => `slice ${String(one + 1)}`).some((one) => text?.includes(one))).toBe(true); // prettier-ignore
    await reading.press(/^Compression at slice \d+, the narrowest/);
    expect(phantom.compressedSlices).toEqual(expect.arrayContaining(await reading.compressionSlices()));
    await opened.page.locator('tr[data-region="reference"]').waitFor();
    await opened.page.locator('[data-shape="narrowest"]').scrollIntoViewIfNeeded();
    await opened.shot('compression');
  });

  it('goes to the archive and comes back without a voxel moved, twice', async () => {
    const address = new URL('/dicom-web/archive', opened.page.url()).href;
    const client = new DicomWebClient({ baseUrl: address });
    const stored = async () => {
      const series = await client.searchSeries(study, {});
      const found = [];
      for (const one of series.filter((each) => string(each, Tag.Modality) === 'SEG')) {
        const uid = string(one, Tag.SeriesInstanceUID)!;
        for (const dataset of await client.seriesMetadata(study, uid)) {
          const bytes = await client.instance(study, uid, string(dataset, Tag.SOPInstanceUID)!);
          const made = `${string(dataset, Tag.ContentDate)!}${string(dataset, Tag.ContentTime)!}`;
          found.push({ made, voxels: [...readSegmentation(bytes, grid).segments[0]!.voxels] });
        }
      }
      return found.sort((p, q) => p.made.localeCompare(q.made));
    };
    const save = async (on: ReadingPage) => {
      await on.open('report');
      await on.press(/^Save draft/);
      await on.settled('report');
    };
    const asBits = (labels: Uint8Array) => [...labels].map((label) => (label > 0 ? 1 : 0));
    const first = await opened.outline();
    await save(reading);
    expect((await stored()).at(-1)?.voxels).toEqual(asBits(first));

    const again = await viewer.open('cord editing again');
    const second = new ReadingPage(again.page, 'cord editing again');
    await second.waitForData();
    await again.page.locator('[data-stored] summary').click();
    await again.page.locator('[data-stored] button').first().click();
    await second.sectionIs('cord', ['done', 'needs-look']);
    await again.page.waitForTimeout(1500);
    expect(asBits(await again.outline())).toEqual(asBits(first));
    await second.next();
    await second.sectionIs('metrics', ['done']);
    await second.open('cord');
    await again.goToSlice(slice);
    await second.press('Widen by 0.5 mm');
    await again.page.waitForTimeout(1500);
    const widened = await again.outline();
    expect(slicesChanged(first, widened)).toEqual([slice]);
    await again.shot('imported');
    await save(second);
    const objects = await stored();
    expect(objects).toHaveLength(2);
    expect(objects.at(-1)?.voxels).toEqual(asBits(widened));
    expect(objects.at(0)?.voxels).toEqual(asBits(first));
    expect(again.watch.exceptions).toEqual([]);
  });

  it('raises no error', () => {
    expect(opened.watch.exceptions).toEqual([]);
  });
});
