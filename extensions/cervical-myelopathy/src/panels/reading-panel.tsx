import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { WORDS } from '../words/en';
import { nextStep } from '../reading/next-step';
import type { ReadingActions } from '../reading/reading-actions';
import { SECTIONS, type ReadingState, type SectionId } from '../reading/reading-state';
import { CordSection } from './sections/cord-section';
import { DataSection } from './sections/data-section';
import { MapsSection } from './sections/maps-section';
import { MetricsSection } from './sections/metrics-section';
import { PrognosisSection } from './sections/prognosis-section';
import { ReportSection } from './sections/report-section';
import { Section } from './parts/section';
import './reading-panel.css';

/** What the panel shows and what it can do. */
export interface Reading {
  readonly store: StoreApi<ReadingState>;
  readonly actions: ReadingActions;
}

const ReadingContext = createContext<Reading | null>(null);

export function useReading(): Reading {
  const reading = useContext(ReadingContext);
  if (reading === null) throw new Error('The reading panel is used outside its provider.');
  return reading;
}

/** A part of the reading's state; the component renders again when it changes. */
export function useReadingState<T>(select: (state: ReadingState) => T): T {
  return useStore(useReading().store, select);
}

const BODIES: Record<SectionId, () => React.JSX.Element> = {
  data: DataSection,
  cord: CordSection,
  maps: MapsSection,
  metrics: MetricsSection,
  prognosis: PrognosisSection,
  report: ReportSection,
};

/** The panel on the right: run-through bar and six sections that open in order. */
export function ReadingPanel({ reading }: { reading: Reading }): React.JSX.Element {
  return (
    <ReadingContext.Provider value={reading}>
      <div className="myelon" role="region" aria-label={WORDS.panelTitle}>
        <RunThrough />
        <div className="myelon-sections">
          {SECTIONS.map((id) => {
            const Body = BODIES[id];
            return (
              <Section key={id} id={id}>
                <Body />
              </Section>
            );
          })}
        </div>
        <p className="myelon-research">{WORDS.researchUse}</p>
      </div>
    </ReadingContext.Provider>
  );
}

function RunThrough(): React.JSX.Element {
  const { actions } = useReading();
  const state = useReadingState((whole) => whole);
  const step = nextStep(state);
  const { room } = state.report;
  return (
    <div className="myelon-run">
      <button
        type="button"
        className="myelon-primary"
        disabled={step.blocked !== null}
        aria-describedby="myelon-run-why"
        data-action={step.action}
        onClick={() => void actions.runNext()}
      >
        {step.label}
      </button>
      <span id="myelon-run-why" className="myelon-why" role="status">
        {step.blocked ?? ''}
      </span>
      {room && (
        <p className="myelon-look" role="status">
          {WORDS.report.noRoom(megabytes(room.free), megabytes(room.needed))}
        </p>
      )}
    </div>
  );
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
