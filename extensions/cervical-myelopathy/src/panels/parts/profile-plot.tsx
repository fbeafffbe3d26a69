import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { QuantityId } from '@myelon/diffusion';
import { QUANTITIES } from '@myelon/diffusion';
import type { AnalysisRecord } from '@myelon/pipeline';
import { WORDS } from '../../words/en';
import { profileOf, type Profile } from '../../reading/profile';
import { useReading, useReadingState } from '../reading-panel';

const PLOT_HEIGHT_PX = 150;
const CORD_COLOUR = '#7dd3fc';
const BAND_COLOUR = 'rgba(125, 211, 252, 0.25)';
const CUT_OFF_COLOUR = '#d4d4d8';
const GREY_ZONE_COLOUR = 'rgba(212, 212, 216, 0.18)';
const COMPRESSION_COLOUR = '#f59e0b';
const AXIS_COLOUR = '#a1a1aa';

/** FA and f along the cord, one plot each, with cut-off, grey zone and the slice on screen. */
export function ProfilePlot({ record }: { record: AnalysisRecord }): React.JSX.Element {
  return (
    <figure className="myelon-profile">
      <figcaption>
        {WORDS.metrics.profile} <span className="myelon-quiet">{WORDS.metrics.profileHelp}</span>
      </figcaption>
      {(['fa', 'ivim_f'] as const).map((quantity) => (
        <QuantityProfile key={quantity} quantity={quantity} record={record} />
      ))}
    </figure>
  );
}

function QuantityProfile({ quantity, record }: { quantity: QuantityId; record: AnalysisRecord }) {
  const profile = useMemo(() => profileOf(record, quantity), [record, quantity]);
  return <OneProfile name={QUANTITIES[quantity].symbol} profile={profile} />;
}

/** One profile; a click goes to the slice. Nothing where no slice has a value. */
export function OneProfile({ name, profile }: { name: string; profile: Profile }): React.JSX.Element | null {
  const { actions } = useReading();
  const current = useReadingState((state) => state.currentSlice);
  const box = useRef<HTMLDivElement>(null);
  const currentSlice = useRef(current);
  const plot = useRef<uPlot | null>(null);
  const empty = profile.slices.length === 0;

  useEffect(() => {
    const element = box.current;
    if (!element || empty) return undefined;
    const made = new uPlot(
      options(profile, element.clientWidth, currentSlice, actions.goToSlice),
      [...plotData(profile)],
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: PLOT_HEIGHT_PX });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [actions, empty, profile]);

  useEffect(() => {
    currentSlice.current = current;
    plot.current?.redraw(false);
  }, [current]);

  if (empty) return null;
  return <div ref={box} className="myelon-plot" role="img" aria-label={`${name}: ${profile.inWords}`} />;
}

function plotData({ slices, mean, low, high }: Profile): uPlot.AlignedData {
  return [slices.map((slice) => slice + 1), [...high], [...low], [...mean]];
}

function options(
  profile: Profile,
  width: number,
  current: React.RefObject<number | null>,
  goToSlice: (slice: number) => void,
): uPlot.Options {
  const axis = {
    stroke: AXIS_COLOUR,
    grid: { stroke: 'rgba(161,161,170,0.15)' },
    ticks: { stroke: AXIS_COLOUR },
  };
  const [bottom, top] = profile.range;
  return {
    width,
    height: PLOT_HEIGHT_PX,
    legend: { show: false },
    scales: { x: { time: false }, y: { range: [bottom, top] } },
    axes: [
      { ...axis, label: WORDS.metrics.position, labelSize: 16, size: 30, incrs: [1, 2, 5, 10, 20, 50] },
      { ...axis, label: profile.label, labelSize: 16, size: 40 },
    ],
    series: [
      {},
      { stroke: 'transparent', points: { show: false } },
      { stroke: 'transparent', points: { show: false } },
      { stroke: CORD_COLOUR, width: 2, points: { show: true, size: 5 } },
    ],
    bands: [{ series: [1, 2], fill: BAND_COLOUR }],
    cursor: { y: false },
    hooks: {
      drawClear: [(plot) => { drawBackground(plot, profile, current.current); }], // prettier-ignore
      ready: [
        (plot) => {
          plot.over.addEventListener('click', () => {
            const slice = profile.slices[plot.cursor.idx ?? -1];
            if (slice !== undefined) goToSlice(slice);
          });
        },
      ],
    },
  };
}

/** Grey zone, cut-off, compressed slices and the slice on screen, below the curve. */
function drawBackground(plot: uPlot, profile: Profile, current: number | null): void {
  const { ctx, bbox } = plot;
  const y = (value: number) => plot.valToPos(value, 'y', true);
  const x = (slice: number) => plot.valToPos(slice + 1, 'x', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  if (profile.cutOff) {
    const { value, greyZone } = profile.cutOff;
    ctx.fillStyle = GREY_ZONE_COLOUR;
    ctx.fillRect(bbox.left, y(value + greyZone), bbox.width, y(value - greyZone) - y(value + greyZone));
    ctx.strokeStyle = CUT_OFF_COLOUR;
    ctx.setLineDash([6, 4]);
    line(ctx, bbox.left, y(value), bbox.left + bbox.width, y(value));
  }
  ctx.setLineDash([]);
  ctx.lineWidth = 3 * devicePixelRatio;
  ctx.strokeStyle = COMPRESSION_COLOUR;
  for (const slice of profile.compression) {
    line(ctx, x(slice - 0.4), bbox.top + bbox.height - 2, x(slice + 0.4), bbox.top + bbox.height - 2);
  }
  ctx.fillStyle = AXIS_COLOUR;
  ctx.textAlign = 'center';
  ctx.font = `${String(12 * devicePixelRatio)}px sans-serif`;
  for (const { slice, name } of profile.levels)
    ctx.fillText(name, x(slice), bbox.top + 12 * devicePixelRatio);
  if (current !== null) {
    ctx.lineWidth = devicePixelRatio;
    ctx.strokeStyle = '#22d3ee';
    line(ctx, x(current), bbox.top, x(current), bbox.top + bbox.height);
  }
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
