import { useMemo, useState } from 'react';
import type { MorphometryRecord } from '@myelon/pipeline';
import { SHAPE_MEASURES, shapeProfile, type ShapeMeasure } from '../../reading/profile';
import { WORDS } from '../../words/en';
import { useReading, useReadingState } from '../reading-panel';
import { OneProfile } from './profile-plot';

/** Size and shape along the cord, and the narrowest level as a proposal. */
export function CordShape(): React.JSX.Element | null {
  const morphometry = useReadingState((state) => state.cord.morphometry);
  if (!morphometry || morphometry.sections.length === 0) return null;
  return (
    <details className="myelon-details" open>
      <summary>{WORDS.shape.title}</summary>
      <Narrowest morphometry={morphometry} />
      <ShapeOfSlice morphometry={morphometry} />
      <ShapeProfile morphometry={morphometry} />
      <p className="myelon-quiet">{WORDS.shape.method}</p>
    </details>
  );
}

function Narrowest({ morphometry }: { morphometry: MorphometryRecord }): React.JSX.Element {
  const { actions } = useReading();
  const discs = useReadingState((state) => state.cord.levels.record?.slices);
  const { proposed, atCompression } = morphometry;
  const found = atCompression ?? proposed;
  if (!found) return <p className="myelon-quiet">{WORDS.shape.noReference}</p>;
  const { narrowestSlice, apDiameterMm, areaMm2, compressionRatio, mscc, areaReduction } = found;
  const level = discs?.find(({ slice }) => slice === narrowestSlice);
  const name = level ? ` (${level.disc ?? level.vertebra})` : '';
  return (
    <p data-shape="narrowest">
      {atCompression ? WORDS.shape.marked : WORDS.shape.narrowest}{' '}
      <button
        type="button"
        onClick={() => {
          actions.goToSlice(narrowestSlice);
        }}
      >
        {WORDS.shape.slice(narrowestSlice + 1)}
        {name}
      </button>{' '}
      {WORDS.shape.compression({ apDiameterMm, areaMm2, compressionRatio, mscc, areaReduction })}
    </p>
  );
}

function ShapeOfSlice({ morphometry }: { morphometry: MorphometryRecord }): React.JSX.Element | null {
  const current = useReadingState((state) => state.currentSlice);
  const section = morphometry.sections.find(({ slice }) => slice === current);
  if (!section || !morphometry.onSlicesOfOutline) return null;
  return (
    <p data-shape="slice" className="myelon-number">
      {WORDS.shape.ofSlice(section)}
    </p>
  );
}

function ShapeProfile({ morphometry }: { morphometry: MorphometryRecord }): React.JSX.Element {
  const [measure, setMeasure] = useState<ShapeMeasure>('areaMm2');
  const levels = useReadingState((state) => state.cord.levels.record);
  const compression = useReadingState((state) => state.metrics.compressionSlices);
  const label = WORDS.shape.measures[measure];
  const profile = useMemo(
    () => shapeProfile(morphometry, measure, label, { levels, compression }),
    [morphometry, measure, label, levels, compression],
  );
  return (
    <figure className="myelon-profile">
      <figcaption>
        <label className="myelon-row">
          {WORDS.shape.along}
          <select
            value={measure}
            onChange={({ target }) => {
              setMeasure(SHAPE_MEASURES.find((one) => one === target.value) ?? measure);
            }}
          >
            {SHAPE_MEASURES.map((one) => (
              <option key={one} value={one}>
                {WORDS.shape.measures[one]}
              </option>
            ))}
          </select>
        </label>
      </figcaption>
      <OneProfile name={label} profile={profile} />
    </figure>
  );
}
