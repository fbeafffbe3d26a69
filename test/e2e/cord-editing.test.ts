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
    phantom = cervicalCordPhantom({
      seed: 11,
      snr: 30,
      turnDegrees: TURN_DEGREES,
    });
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

  it('a line drawn round the cord, and a spline clicked round it, become the outline of the slice', async () => {
    const [column, row] = middle();
    const ring = (points: number, radius: number) =>
      Array.from({ length: points }, (_, at) => {
        const angle = (2 * Math.PI * at) / points;
        return [column + radius * Math.cos(angle), row + radius * Math.sin(angle)] as const;
      });
    await opened.goToSlice(slice);
    const before = await opened.outline();
    await tool('freehand');
    const followedMs = await drag([...ring(24, 5), ring(24, 5)[0]!]);
    console.info(`numbers after letting go of a contour: ${followedMs.toFixed(0)} ms`);
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

  it('goes to the archive and comes back without a voxel moved', async () => {
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
          found.push({
            made,
            voxels: [...readSegmentation(bytes, grid).segments[0]!.voxels],
          });
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
  });

  it('raises no error', () => {
    expect(opened.watch.exceptions).toEqual([]);
  });
});
