import type { SeriesReading } from '../../reading/reading-state';
import { WORDS } from '../../words/en';

const RADIUS = 44;
const CENTRE = 56;

interface DirectionSphereProps {
  readonly directions: SeriesReading['directions'];
}

/**
 * Gradient directions on the half sphere towards the head, seen from the feet as axial images are. A direction and its
 * opposite weight alike, so all lie on one half; equal areas stay equal (Lambert).
 */
export function DirectionSphere({ directions }: DirectionSphereProps): React.JSX.Element | null {
  if (directions.length === 0) return null;
  const highest = Math.max(...directions.map(({ bValue }) => bValue));
  return (
    <svg
      className="myelon-sphere"
      viewBox="0 0 112 112"
      role="img"
      aria-label={WORDS.data.sphere(directions.length)}
    >
      <circle className="myelon-sphere-edge" cx={CENTRE} cy={CENTRE} r={RADIUS} />
      {directions.map(({ bValue, direction }, index) => {
        const [x, y] = onDisc(direction);
        return (
          <circle
            key={index}
            className="myelon-sphere-point"
            cx={CENTRE + RADIUS * x}
            cy={CENTRE + RADIUS * y}
            r={2.5}
            fillOpacity={0.3 + (0.7 * bValue) / highest}
          />
        );
      })}
      <text x={CENTRE} y={9}>
        A
      </text>
      <text x={CENTRE} y={110}>
        P
      </text>
      <text x={5} y={CENTRE + 3}>
        R
      </text>
      <text x={107} y={CENTRE + 3}>
        L
      </text>
    </svg>
  );
}

/** Lambert's equal-area projection of the half sphere onto the unit disc: x to the patient's left, y to the back. */
function onDisc([x, y, z]: readonly [number, number, number]): [number, number] {
  const up = z < 0 ? -1 : 1;
  const factor = 1 / Math.sqrt(1 + Math.abs(z));
  return [up * x * factor, up * y * factor];
}
