import { QUANTITIES } from '@myelon/diffusion';
import { colourScaleOf } from '../reading/colour-scales';
import type { MapDisplay } from './viewer-host';

const CLASS = 'myelon-colour-bar';
const TICKS = 4;

/** Draws (or replaces) the colour bar of a map in a viewport: colours, numbers and unit as people read them. */
export function drawColourBar(element: HTMLElement, { quantity, range }: MapDisplay): void {
  removeColourBar(element);
  const { symbol, shownFactor, shownUnit, decimals } = QUANTITIES[quantity];
  const bar = document.createElement('div');
  bar.className = CLASS;
  bar.dataset['cy'] = CLASS;
  Object.assign(bar.style, {
    position: 'absolute',
    right: '36px',
    top: '18%',
    height: '55%',
    display: 'flex',
    flexDirection: 'column',
    gap: '4px',
    zIndex: '5',
    pointerEvents: 'none',
    color: '#fff',
    font: '13px/1.2 Inter, sans-serif',
    fontVariantNumeric: 'tabular-nums',
    textShadow: '0 0 3px #000, 0 0 3px #000',
  });
  const title = document.createElement('div');
  title.textContent = shownUnit === '' ? symbol : `${symbol} ${shownUnit}`;
  title.style.textAlign = 'right';
  const scale = document.createElement('div');
  Object.assign(scale.style, { flex: '1', display: 'flex', justifyContent: 'flex-end', gap: '6px' });
  const numbers = document.createElement('div');
  Object.assign(numbers.style, {
    display: 'flex',
    flexDirection: 'column',
    justifyContent: 'space-between',
    textAlign: 'right',
  });
  for (let tick = TICKS; tick >= 0; tick--) {
    const number = document.createElement('span');
    const value = range[0] + ((range[1] - range[0]) * tick) / TICKS;
    number.textContent = (value * shownFactor).toFixed(decimals);
    numbers.append(number);
  }
  const colours = document.createElement('div');
  Object.assign(colours.style, {
    width: '14px',
    border: '1px solid rgba(255, 255, 255, 0.6)',
    background: colourScaleOf(quantity).gradient.replace('to right', 'to top'),
  });
  scale.append(numbers, colours);
  bar.append(title, scale);
  element.append(bar);
}

export function removeColourBar(element: HTMLElement): void {
  for (const bar of element.querySelectorAll(`.${CLASS}`)) bar.remove();
}
