import { Component, createRef, type ReactNode } from 'react';
import type { ViewerHost } from './host/viewer-host';
import { COHORT_PATH } from './ids';

/**
 * The cohort page under a path of its own. The page itself is loaded when it is opened; as with the panel, the viewer's
 * React renders a class without hooks, and everything below its element is ours.
 */
export function cohortRoute(hostOf: () => ViewerHost) {
  class CohortRoute extends Component {
    private readonly element = createRef<HTMLDivElement>();
    private unmount: (() => void) | null = null;
    private gone = false;

    override componentDidMount(): void {
      this.gone = false;
      void this.open();
    }

    override componentWillUnmount(): void {
      this.gone = true;
      const unmount = this.unmount;
      this.unmount = null;
      if (unmount) queueMicrotask(unmount);
    }

    override render(): ReactNode {
      return <div ref={this.element} data-cy="myelon-cohort" />;
    }

    private async open(): Promise<void> {
      const { mountCohortPage } = await import('./cohort/mount');
      if (!this.gone && this.element.current) this.unmount = mountCohortPage(this.element.current, hostOf());
    }
  }
  return { path: COHORT_PATH, children: CohortRoute, private: true };
}
