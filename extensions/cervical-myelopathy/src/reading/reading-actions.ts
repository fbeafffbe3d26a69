import type { DiscName } from '@myelon/cord';
import type { QuantityId } from '@myelon/diffusion';
import type { KnownDisc, PreparationChoices } from '@myelon/pipeline';
import type { ClinicalForm, SiteSuccessRate } from '@myelon/prognosis';
import type { HostOutlineObject } from '../host/viewer-host';
import type { OutlineTool } from '../ids';
import type { OutboxItem } from '@myelon/pipeline';
import type { GivenTable } from './reading-context';
import type { Confirmations, ReportChoice, SectionId } from './reading-state';

/** Everything the reader can do. The panel and the hotkeys call these and nothing else. */
export interface ReadingActions {
  readData(): Promise<void>;
  chooseSeries(role: 'tensor' | 'ivim', seriesInstanceUID: string | null): void;
  /** Reads several series as one. */
  joinSeries(keys: readonly string[]): Promise<void>;
  /** Reads the series of a joined one by themselves again. */
  separateSeries(key: string): Promise<void>;
  /** Puts a table in the place of the headers' own; null goes back to that. */
  useTable(key: string, table: GivenTable | null): Promise<void>;
  findCord(): Promise<void>;
  /** Waits for a click on the cord, then outlines from there. */
  pointAtCord(): Promise<void>;
  stopPointing(): void;
  acceptSlice(slice: number): void;
  useTool(tool: OutlineTool): Promise<void>;
  changeBrush(stepMm: number): void;
  setOutlineVisible(visible: boolean): void;
  /** The outline of the slice on screen put into the next (1) or previous (-1) slice, which is then shown. */
  copySlice(step: 1 | -1): Promise<void>;
  /** The outline of the slice on screen made wider (positive) or narrower. */
  growSlice(byMm: number): Promise<void>;
  /** Fills slices without cord between slices with cord. */
  fillBetween(): Promise<void>;
  /** Outlines the slice on screen anew and leaves the others. */
  redoSlice(): Promise<void>;
  /** Takes the cord of a Segmentation or structure set of the study as the outline. */
  importOutline(object: HostOutlineObject): Promise<void>;
  undo(): void;
  redo(): void;
  /** Puts a disc at a slice of the outline (from 0) or a point (LPS mm); the others are proposed from it. */
  nameDisc(name: DiscName, at: KnownDisc['at']): Promise<void>;
  /** Waits for a click on the disc in the sagittal T2. */
  pickDisc(name: DiscName): Promise<void>;
  stopPickingDisc(): void;
  /** Moves a disc along the cord, mm; positive is down. */
  moveDisc(name: DiscName, byMm: number): Promise<void>;
  forgetDisc(name: DiscName): Promise<void>;
  fit(): Promise<void>;
  /** What is done to the images before the next fit. */
  setPreparation(choices: PreparationChoices): void;
  showMap(quantity: QuantityId | null): void;
  nextMap(): void;
  setOpacity(opacity: number): void;
  setRange(quantity: QuantityId, range: readonly [number, number]): void;
  goToSlice(slice: number): void;
  toggleCompression(slice: number): Promise<void>;
  selectRegion(regionId: string): void;
  confirm(what: keyof Confirmations, confirmed: boolean): Promise<void>;
  /** @throws InputRefused when versions are mixed or a score is none */
  enterClinical(form: ClinicalForm): Promise<void>;
  /** @throws InputRefused when it is no rate; null forgets it */
  enterSuccessRate(rate: SiteSuccessRate | null): Promise<void>;
  saveDraft(): Promise<void>;
  chooseObjects(choice: Partial<ReportChoice>): void;
  /** Asks the archive again for reports of this study. */
  findReports(): Promise<void>;
  /** Asks the archive for reports of other studies of the patient. */
  findPriorReports(): Promise<void>;
  /** Sends a save again at once. */
  sendAgain(group: string): Promise<void>;
  /** Forgets what the outbox keeps of a save. */
  discardSave(group: string): Promise<void>;
  downloadKept(item: OutboxItem): Promise<void>;
  /** Leads to the sign-in page of the site. */
  signIn(): void;
  /** The metrics of the current record as CSV text. */
  metricsCsv(): string;
  /** Hands the report objects to the browser as files, for when the archive refuses. */
  downloadReport(): Promise<void>;
  /** Stops the work of a section within 100 ms. */
  cancel(section: SectionId): void;
  toggleSection(section: SectionId): void;
  /** Does what {@link nextStep} says. */
  runNext(): Promise<void>;
}
