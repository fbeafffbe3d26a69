import { createRoot } from 'react-dom/client';
import { useStore } from 'zustand';
import type { ViewerHost } from '../host/viewer-host';
import { startAnalysisWorker } from '../reading/analysis-worker';
import { readingRegistry, type ReadingRegistry } from '../reading/reading-registry';
import { WORDS } from '../words/en';
import { ReadingPanel } from './reading-panel';

/** Draws the reading panel into `element`. Returns how to take it down; the reading itself goes on. */
export function mountReadingPanel(element: HTMLElement, host: ViewerHost): () => void {
  const root = createRoot(element);
  root.render(<CurrentReading registry={readingRegistry(host, startAnalysisWorker)} />);
  return () => {
    root.unmount();
  };
}

function CurrentReading({ registry }: { registry: ReadingRegistry }): React.JSX.Element {
  const reading = useStore(registry.current);
  if (reading === null) return <p className="myelon">{WORDS.data.noSeriesDo}</p>;
  return <ReadingPanel reading={reading} />;
}
