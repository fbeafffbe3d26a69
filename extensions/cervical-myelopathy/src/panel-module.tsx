import { Component, createRef, type ReactNode } from 'react';
import type { ViewerHost } from './host/viewer-host';
import { READING_PANEL } from './ids';
import { mountReadingPanel } from './panels/mount';

/**
 * The panel of the mode. The viewer's React renders this component, which is a class and uses no hooks: hooks of our
 * own copy of React do not work in a tree of another copy. Below the element everything is ours.
 */
export function panelModule(hostOf: () => ViewerHost) {
  class ReadingPanel extends Component {
    private readonly element = createRef<HTMLDivElement>();
    private unmount: (() => void) | null = null;

    override componentDidMount(): void {
      if (this.element.current) this.unmount = mountReadingPanel(this.element.current, hostOf());
    }

    override componentWillUnmount(): void {
      const unmount = this.unmount;
      this.unmount = null;
      // Two Reacts: ours must not unmount while the viewer's is still rendering.
      if (unmount) queueMicrotask(unmount);
    }

    override render(): ReactNode {
      return (
        <div ref={this.element} className="myelon-panel" data-cy="myelon-panel" style={{ height: '100%' }} />
      );
    }
  }
  return [
    {
      name: READING_PANEL,
      iconName: 'tab-linear',
      iconLabel: 'Myelopathy',
      label: 'Cervical myelopathy',
      component: ReadingPanel,
    },
  ];
}
