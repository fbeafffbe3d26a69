import type { QuantityId } from '@myelon/diffusion';
import type { ClinicalForm, SiteSuccessRate } from '@myelon/prognosis';
import type { GivenTable } from './reading-context';
import type { Confirmations, SectionId } from './reading-state';

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
  useTool(tool: 'brush' | 'eraser' | 'none'): void;
  changeBrush(stepMm: number): void;
  setOutlineVisible(visible: boolean): void;
  fit(): Promise<void>;
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
