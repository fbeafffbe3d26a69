import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, JSHandle, Page } from 'playwright-core';
import type { ViewerHost } from '@myelon/extension-cervical-myelopathy/viewer-names';
import { watchPage, type PageWatch } from '../support/browser';

const SCREENSHOTS = path.resolve(__dirname, '../output/viewer-mechanics');
const PATIENT_MS = 180_000;

/** What OHIF leaves on the page: its services, and through the extension manager our host. */
export interface ViewerWindow {
  readonly extensionManager: { getModuleEntry(id: string): { exports: { viewerHost(): ViewerHost } } };
  readonly services: {
    readonly cornerstoneViewportService: {
      getCornerstoneViewport(id: string): ShownViewport | null;
      getViewportIds(): string[];
    };
    readonly viewportGridService: {
      getState(): { viewports: Map<string, { displaySetInstanceUIDs?: string[] }> };
    };
    readonly displaySetService: {
      getActiveDisplaySets(): { displaySetInstanceUID: string; SeriesDescription: string }[];
    };
  };
}

export interface ShownViewport {
  readonly element: HTMLElement;
  getCanvas(): HTMLCanvasElement;
  getCamera(): { readonly focalPoint: readonly [number, number, number] };
  worldToCanvas(world: readonly number[]): [number, number];
  getImageData(): {
    readonly dimensions: readonly number[];
    readonly voxelManager: { getAtIJK(i: number, j: number, k: number): number };
    readonly imageData: { worldToIndex(world: readonly number[]): number[] };
  };
}

export type ViewportName = 'myelon-sagittal' | 'myelon-diffusion' | 'myelon-map' | 'myelon-axial';

/** A page with the mode open: driven by real mouse and keys, and asked through the viewer host. */
export class MechanicsPage {
  private constructor(
    readonly page: Page,
    readonly watch: PageWatch,
    /** The viewer host, on the page. */
    readonly host: JSHandle<ViewerHost>,
    /** UID of the diffusion display set on screen. */
    readonly series: string,
    private readonly name: string,
  ) {}

  static async open(
    browser: Browser,
    origin: string,
    studyUID: string,
    name: string,
  ): Promise<MechanicsPage> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.setDefaultTimeout(PATIENT_MS);
    const watch = watchPage(page, origin);
    await page.goto(`${origin}/cervical-myelopathy?StudyInstanceUIDs=${studyUID}`);
    await waitForDiffusion(page);
    const host = await page.evaluateHandle(() => {
      const viewer = globalThis as unknown as ViewerWindow;
      const id = '@myelon/extension-cervical-myelopathy.utilityModule.host';
      return viewer.extensionManager.getModuleEntry(id).exports.viewerHost();
    });
    const series = await host.evaluate(
      ({ studies, navigation }) =>
        studies
          .diffusionSeries()
          .map(({ displaySetInstanceUID }) => displaySetInstanceUID)
          .find((uid) => navigation.currentSlice(uid) !== null) ?? '',
    );
    await page
      .getByText('Confirm and hide')
      .click({ timeout: 2000 })
      .catch(() => undefined);
    return new MechanicsPage(page, watch, host, series, name);
  }

  /** Waits until the diffusion viewport shows something else than black. */
  untilImages(): Promise<void> {
    return waitForDiffusion(this.page);
  }

  async shot(what: string): Promise<void> {
    await this.page.waitForTimeout(700);
    const file = path.join(SCREENSHOTS, `${this.name} ${what}.png`.replaceAll(' ', '-'));
    await this.page.screenshot({ path: file, timeout: PATIENT_MS });
  }

  /** Where a patient position lies on the page, in a viewport. */
  pointOn(viewport: ViewportName, world: readonly number[]): Promise<{ x: number; y: number }> {
    return this.page.evaluate(
      ([id, at]) => {
        const { services } = globalThis as unknown as ViewerWindow;
        const shown = services.cornerstoneViewportService.getCornerstoneViewport(id)!;
        const box = shown.element.getBoundingClientRect();
        const [x, y] = shown.worldToCanvas(at);
        return { x: box.left + x, y: box.top + y };
      },
      [viewport, world] as const,
    );
  }

  /** A patient position in the plane a viewport shows. */
  planeOf(viewport: ViewportName): Promise<[number, number, number]> {
    return this.page.evaluate((id) => {
      const { services } = globalThis as unknown as ViewerWindow;
      const shown = services.cornerstoneViewportService.getCornerstoneViewport(id)!;
      const [x, y, z] = shown.getCamera().focalPoint;
      return [x, y, z];
    }, viewport);
  }

  /** Values of the image in the diffusion viewport at patient positions that are voxel centres. */
  imageValues(worlds: readonly (readonly number[])[]): Promise<number[]> {
    return this.page.evaluate((points) => {
      const { services } = globalThis as unknown as ViewerWindow;
      const shown = services.cornerstoneViewportService.getCornerstoneViewport('myelon-diffusion')!;
      const { imageData, voxelManager } = shown.getImageData();
      return points.map((world) => {
        const [i, j, k] = imageData.worldToIndex(world).map(Math.round) as [number, number, number];
        return voxelManager.getAtIJK(i, j, k);
      });
    }, worlds);
  }

  /** Colour on the canvas of a viewport at a patient position. */
  colourAt(viewport: ViewportName, world: readonly number[]): Promise<number[]> {
    return this.page.evaluate(
      ([id, at]) => {
        const { services } = globalThis as unknown as ViewerWindow;
        const shown = services.cornerstoneViewportService.getCornerstoneViewport(id)!;
        const canvas = shown.getCanvas();
        const scale = canvas.width / canvas.clientWidth;
        const [x, y] = shown.worldToCanvas(at);
        const pixel = canvas
          .getContext('2d')!
          .getImageData(Math.round(x * scale), Math.round(y * scale), 1, 1);
        return [...pixel.data.slice(0, 3)];
      },
      [viewport, world] as const,
    );
  }

  /** Description of the series in every viewport. */
  layout(): Promise<Record<string, string>> {
    return this.page.evaluate(() => {
      const { services } = globalThis as unknown as ViewerWindow;
      const sets = services.displaySetService.getActiveDisplaySets();
      const shown = [...services.viewportGridService.getState().viewports];
      return Object.fromEntries(
        shown.map(([id, { displaySetInstanceUIDs }]) => [
          id,
          sets.find((set) => set.displaySetInstanceUID === displaySetInstanceUIDs?.[0])?.SeriesDescription ??
            '',
        ]),
      );
    });
  }

  currentSlice(): Promise<number | null> {
    return this.host.evaluate(({ navigation }, uid) => navigation.currentSlice(uid), this.series);
  }

  async goToSlice(slice: number): Promise<void> {
    await this.host.evaluate(
      ({ navigation }, [uid, to]) => {
        navigation.goToSlice(uid, to);
      },
      [this.series, slice] as const,
    );
    await this.page.waitForTimeout(700);
  }

  /** The outline as the viewer holds it now. */
  async outline(): Promise<Uint8Array> {
    return Uint8Array.from(await this.host.evaluate(({ outline }) => [...(outline.read() ?? [])]));
  }

  /** Something from the host, waited for until it is so. */
  async until(what: (host: ViewerHost, uid: string) => boolean): Promise<void> {
    const end = Date.now() + 60_000;
    while (!(await this.host.evaluate(what, this.series))) {
      if (Date.now() > end) throw new Error(`never became true: ${what.toString()}`);
      await this.page.waitForTimeout(200);
    }
  }
}

/** Waits until the diffusion viewport shows something else than black. */
async function waitForDiffusion(page: Page): Promise<void> {
  await page.waitForSelector('[data-cy="myelon-panel"]', { state: 'attached' });
  await page.waitForFunction(() => {
    const { services } = globalThis as unknown as Partial<ViewerWindow>;
    const shown = services?.cornerstoneViewportService.getCornerstoneViewport('myelon-diffusion');
    const canvas = shown?.getCanvas();
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels?.some((value, index) => index % 4 < 3 && value > 40) ?? false;
  });
}
