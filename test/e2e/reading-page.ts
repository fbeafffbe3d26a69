import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const SCREENSHOTS = path.resolve(__dirname, '../output/reading');
const PATIENT_MS = 120_000;

/** The reading as a person drives it: by what stands on the screen. */
export class ReadingPage {
  /** Clicks, key presses and choices so far: a reader's patience is counted. */
  actions = 0;

  constructor(
    readonly page: Page,
    private readonly name: string,
  ) {
    mkdirSync(SCREENSHOTS, { recursive: true });
  }

  /** From the study list into the mode. */
  async openStudy(origin: string, patient: string): Promise<void> {
    await this.page.goto(`${origin}/`);
    const row = this.page.getByText(patient, { exact: false }).first();
    await row.waitFor({ timeout: PATIENT_MS });
    await this.shot('study-list');
    await row.click();
    this.actions++;
    await this.page
      .getByRole('button', { name: /Cervical myelopathy/i })
      .first()
      .click();
    this.actions++;
    await this.waitForData();
  }

  /** Straight to the address of the mode, as a worklist would. */
  async openDirectly(origin: string, studyInstanceUID: string): Promise<void> {
    await this.page.goto(`${origin}/cervical-myelopathy?StudyInstanceUIDs=${studyInstanceUID}`);
    await this.waitForData();
  }

  async waitForData(): Promise<void> {
    await this.page.waitForSelector('.myelon-section[data-section="data"]', { timeout: PATIENT_MS });
    await this.sectionIs('data', ['done', 'needs-look', 'failed']);
  }

  /** Waits until a section is in one of the states. */
  async sectionIs(section: string, states: readonly string[], timeout = PATIENT_MS): Promise<string> {
    const any = states
      .map((state) => `.myelon-section[data-section="${section}"][data-state="${state}"]`)
      .join(', ');
    const found = await this.page.waitForSelector(any, { timeout });
    return (await found.getAttribute('data-state')) ?? '';
  }

  /** Waits until what was just asked for has ended, whatever the section showed before. */
  async settled(section: string): Promise<string> {
    // The state of the last try stands until the click has been taken.
    await this.page.waitForTimeout(500);
    return this.sectionIs(section, ['nothing', 'ready', 'done', 'needs-look', 'failed']);
  }

  /** Presses the run-through button and returns what it said it would do. */
  async next(): Promise<string> {
    const button = this.page.locator('.myelon-primary');
    await this.page.waitForSelector('.myelon-primary:not(:disabled)', { timeout: PATIENT_MS });
    const action = (await button.getAttribute('data-action')) ?? '';
    await button.click();
    this.actions++;
    return action;
  }

  async press(name: string | RegExp): Promise<void> {
    await this.page.locator('.myelon').getByRole('button', { name }).first().click();
    this.actions++;
  }

  async open(section: string): Promise<void> {
    const heading = this.page.locator(`.myelon-section[data-section="${section}"] .myelon-heading > button`);
    if ((await heading.getAttribute('aria-expanded')) === 'false') {
      await heading.click();
      this.actions++;
    }
  }

  async confirmAll(): Promise<void> {
    for (const what of ['outline', 'level', 'quality']) {
      await this.page.locator(`[data-confirm="${what}"]`).check();
      this.actions++;
    }
  }

  /** Text of a section's one-line summary. */
  async summary(section: string): Promise<string> {
    return (
      (await this.page.locator(`.myelon-section[data-section="${section}"] .myelon-summary`).textContent()) ??
      ''
    );
  }

  /** Mean of a quantity in the metrics table, as it is printed. */
  async tableValue(region: string, quantity: string): Promise<number> {
    const cell = this.page.locator(`tr[data-region="${region}"] td[data-quantity="${quantity}"]`);
    return Number.parseFloat((await cell.textContent({ timeout: PATIENT_MS })) ?? '');
  }

  /** Slices (from 0) the reader marked as compression. */
  async compressionSlices(): Promise<number[]> {
    await this.page.locator('tr[data-region="compression"]').waitFor({ timeout: PATIENT_MS });
    const slices = await this.page.locator('tr[data-region="compression"]').getAttribute('data-slices');
    return (slices ?? '').split(' ').map(Number);
  }

  async shot(step: string): Promise<void> {
    const file = `${this.name} ${step}.png`.replaceAll(' ', '-');
    await this.page.screenshot({ path: path.join(SCREENSHOTS, file) });
  }
}
