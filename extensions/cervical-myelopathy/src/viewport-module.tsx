import { Component, type ReactNode } from 'react';
import type { DisplaySet } from './host/ohif';
import { REPORT_VIEWPORT } from './ids';

interface ViewportProps {
  readonly displaySets?: readonly DisplaySet[];
}

/** What a viewport shows when a report of ours is put into it. A class: the viewer's React renders it. */
class ReportViewport extends Component<ViewportProps> {
  override render(): ReactNode {
    const report = this.props.displaySets?.[0];
    return (
      <div className="myelon-report-viewport" data-cy="myelon-report-viewport" style={STYLE}>
        <strong>{report?.SeriesDescription ?? 'Myelon report'}</strong>
        <span>
          {[textOf(report?.['contentDate']), textOf(report?.['verification'])].filter(Boolean).join(', ')}
        </span>
        <span>Open the Cervical myelopathy panel: its Report section shows this report.</span>
      </div>
    );
  }
}

const STYLE = {
  display: 'flex',
  flexDirection: 'column',
  gap: 8,
  alignItems: 'center',
  justifyContent: 'center',
  height: '100%',
  color: 'hsl(var(--foreground))',
  background: 'hsl(var(--background))',
} as const;

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function viewportModule() {
  return [{ name: REPORT_VIEWPORT, component: ReportViewport }];
}
