import { quantile } from '@myelon/diffusion';
import type { AnalysisRecord } from '@myelon/pipeline';
import { WORDS } from '../../words/en';

type Quality = NonNullable<AnalysisRecord['quality']>[number];
type Residuals = Pick<NonNullable<AnalysisRecord['tensor']>, 'noise' | 'noiseMethod'>;

/** What the images of each fitted series were worth, and what was done to them. */
export function ImageQuality({ record }: { record: AnalysisRecord }): React.JSX.Element | null {
  const qualities = record.quality ?? [];
  if (qualities.length === 0) return null;
  const words = WORDS.quality;
  return (
    <details className="myelon-details" data-quality>
      <summary>{words.title}</summary>
      {qualities.map((quality) => (
        <section key={quality.input} aria-label={quality.input}>
          <h4>{quality.input}</h4>
          <p>{signalToNoise(quality)}</p>
          {quality.shiftsMm && <p>{shifts(quality.shiftsMm)}</p>}
          <Outliers found={quality.outlierSlices} />
          <Steps quality={quality} />
        </section>
      ))}
      {record.tensor && <Noise name={words.tensor} found={record.tensor} />}
      {record.ivim && <Noise name={words.ivim} found={record.ivim} />}
    </details>
  );
}

function signalToNoise({ signalToNoise: found }: Quality): string {
  const words = WORDS.quality;
  if ('missing' in found) return words.noSnr(found.missing);
  const known = sorted(found.ratio);
  if (known.length === 0) return words.noSnr(words.noSignal);
  return words.snr(quantile(known, 0.5), known[0] ?? 0, found.method);
}

function sorted(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null).sort((p, q) => p - q);
}

function shifts({ columns, rows }: NonNullable<Quality['shiftsMm']>): string {
  const lengths = columns.flatMap((ofVolume, volume) =>
    ofVolume.map((dx, slice) => Math.hypot(dx, rows[volume]?.[slice] ?? 0)),
  );
  const squares = lengths.reduce((sum, length) => sum + length * length, 0);
  const rms = Math.sqrt(squares / Math.max(lengths.length, 1));
  return WORDS.quality.shifts(
    rms,
    lengths.reduce((most, length) => Math.max(most, length), 0),
  );
}

function Outliers({ found }: { found: Quality['outlierSlices'] }): React.JSX.Element | null {
  if (found.length === 0) return null;
  const words = WORDS.quality;
  return (
    <>
      <p>{words.outliers(found.length)}</p>
      <ul>
        {found.map(({ volume, slice, gain }) => (
          <li key={`${String(volume)}-${String(slice)}`}>{words.outlier(volume + 1, slice + 1, gain)}</li>
        ))}
      </ul>
    </>
  );
}

function Steps({ quality }: { quality: Quality }): React.JSX.Element | null {
  if (quality.preparation.length === 0) return null;
  const words = WORDS.quality;
  return (
    <ul data-steps>
      {quality.preparation.map(({ step, done, why, method }) => (
        <li key={step}>
          {WORDS.preparation.steps[step]}: {done ? words.done : words.notDone}, {why}
          {done && method !== null && <small> ({method})</small>}
        </li>
      ))}
    </ul>
  );
}

function Noise({ name, found }: { name: string; found: Residuals }): React.JSX.Element | null {
  const levels = sorted(found.noise ?? []);
  if (levels.length === 0) return null;
  return <p>{WORDS.quality.residual(name, quantile(levels, 0.5), found.noiseMethod ?? '')}</p>;
}
