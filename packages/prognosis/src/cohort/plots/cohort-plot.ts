/** Colours by name; what draws the plot knows its background. Chosen to be told apart by colour-blind readers. */
export type PlotColour = 'blue' | 'orange' | 'green' | 'pink' | 'neutral';

export type PlotPoint = readonly [x: number, y: number];

export type PlotLayer =
  | {
      readonly kind: 'line';
      /** Named in the legend; empty: not named. */
      readonly name: string;
      readonly points: readonly PlotPoint[];
      readonly colour: PlotColour;
      readonly dashed?: true;
    }
  | {
      readonly kind: 'band';
      readonly name: string;
      readonly lower: readonly PlotPoint[];
      readonly upper: readonly PlotPoint[];
      readonly colour: PlotColour;
    }
  | {
      readonly kind: 'points';
      readonly name: string;
      readonly points: readonly PlotPoint[];
      readonly colour: PlotColour;
      readonly hollow?: true;
    }
  | {
      readonly kind: 'intervals';
      readonly name: string;
      readonly bars: readonly { readonly x: number; readonly low: number; readonly high: number }[];
      readonly colour: PlotColour;
    };

export interface PlotAxis {
  /** With unit. */
  readonly label: string;
  readonly domain: readonly [number, number];
}

/** What a plot shows, whatever it is drawn with. */
export interface CohortPlot {
  readonly id: string;
  readonly title: string;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly layers: readonly PlotLayer[];
  /** What a reader must know to read it; also says the plot in words. */
  readonly notes: readonly string[];
}

/** Points that no eye tells apart are left out, evenly. */
export function thinned<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, i) => i % step === 0 || i === items.length - 1);
}

/** A range a little wider than the values. */
export function domainOf(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(low <= high)) return [0, 1];
  const margin = low === high ? Math.abs(low) / 10 || 1 : (high - low) / 25;
  return [low - margin, high + margin];
}
