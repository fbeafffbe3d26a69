import { DARK_THEME, pathData, plotMarks, type CohortPlot, type PlotMark } from '@myelon/prognosis';
import { memo } from 'react';

const SIZE = { width: 460, height: 340 } as const;

/** One plot with its title and what it says in words. */
export const PlotFigure = memo(function PlotFigure({ plot }: { plot: CohortPlot }): React.JSX.Element {
  const words = plot.notes.join(' ');
  return (
    <figure>
      <h3>{plot.title}</h3>
      <svg
        viewBox={`0 0 ${String(SIZE.width)} ${String(SIZE.height)}`}
        role="img"
        aria-label={`${plot.title}. ${words}`}
      >
        {plotMarks(plot, SIZE).map((mark, i) => (
          <Mark key={i} mark={mark} />
        ))}
      </svg>
      <figcaption className="myelon-cohort-hint">{words}</figcaption>
    </figure>
  );
});

function Mark({ mark }: { mark: PlotMark }): React.JSX.Element {
  switch (mark.kind) {
    case 'path':
      return (
        <path
          d={pathData(mark.points)}
          fill="none"
          stroke={DARK_THEME[mark.colour]}
          strokeWidth={mark.width}
          {...(mark.dashed ? { strokeDasharray: '5 4' } : {})}
        />
      );
    case 'area':
      return <path d={`${pathData(mark.points)}Z`} fill={DARK_THEME[mark.colour]} fillOpacity={0.22} />;
    case 'dot':
      return (
        <circle
          cx={mark.x}
          cy={mark.y}
          r={mark.hollow ? 2.6 : 3}
          fill={mark.hollow ? 'none' : DARK_THEME[mark.colour]}
          stroke={DARK_THEME[mark.colour]}
        />
      );
    case 'text':
      return (
        <text
          x={mark.x}
          y={mark.y}
          fontSize={mark.size + 1}
          fill={DARK_THEME.text}
          textAnchor={mark.align === 'left' ? 'start' : mark.align === 'right' ? 'end' : 'middle'}
          {...(mark.upright ? { transform: `rotate(-90 ${String(mark.x)} ${String(mark.y)})` } : {})}
        >
          {mark.text}
        </text>
      );
  }
}
