import { noiseSource } from '@myelon/diffusion';
import { analyzeCohort } from '../analysis/analyze-cohort';
import type { Cohort, CohortPatient } from '../data/cohort';
import { cohortPlots } from './cohort-plots';
import { plotMarks } from './plot-marks';
import { plotSvg, PRINT_THEME } from './plot-svg';

jest.setTimeout(60_000);

function cohort(n: number, outcome: (i: number) => boolean): Cohort {
  const noise = noiseSource(9);
  const patients = Array.from({ length: n }, (_, i): CohortPatient => {
    const good = outcome(i);
    return {
      id: `P${String(i)}`,
      preMjoa: null,
      postMjoa: null,
      recoveryRatePercent: good ? 60 + (i % 30) : 20 + (i % 20),
      good,
      fa: 0.42 + (good ? 0.05 : -0.05) + 0.08 * noise.normal(),
      adc: null,
      ivimD: null,
      ivimDstar: null,
      ivimFPercent: 9.5 + 2 * noise.normal(),
    };
  });
  return { patients, mjoaVersion: 'mjoa-18', remarks: [] };
}

const plotsOf = async (patients: Cohort) =>
  cohortPlots(patients, await analyzeCohort(patients, { replicates: 20 }));

describe('plots of a cohort', () => {
  it('show the ROC curve of the figures, inside its band', async () => {
    const [roc] = await plotsOf(cohort(60, (i) => i % 3 > 0));
    const curve = roc?.layers.find(({ name }) => name === 'FA');
    const band = roc?.layers.find(({ kind }) => kind === 'band');
    if (curve?.kind !== 'line' || band?.kind !== 'band') throw new Error('no curve or no band');
    expect([curve.points[0], curve.points.at(-1)]).toEqual([
      [1, 1],
      [0, 0],
    ]);
    const area = curve.points.reduce((sum, [x, y], i) => {
      const [x0, y0] = curve.points[i - 1] ?? [x, y];
      return sum + ((x0 - x) * (y0 + y)) / 2;
    }, 0);
    expect(roc?.notes[0]).toContain(`FA: AUC ${area.toFixed(3)} (`);
    const at = (points: readonly (readonly [number, number])[]) =>
      points[Math.floor(points.length / 2)]?.[1] ?? NaN;
    expect(at(band.lower)).toBeLessThan(at(band.upper));
  });

  it('leave out what these patients cannot show', async () => {
    const one = await plotsOf(cohort(8, () => true));
    expect(one.map(({ id }) => id)).toEqual(['scatter-fa', 'scatter-f']);
  });

  it('stay inside their box and name themselves to those who cannot see them', async () => {
    const plots = await plotsOf(cohort(60, (i) => i % 3 > 0));
    const size = { width: 460, height: 340 };
    for (const plot of plots) {
      for (const mark of plotMarks(plot, size)) {
        const points = 'points' in mark ? mark.points : [[mark.x, mark.y] as const];
        for (const [x, y] of points) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(size.width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(size.height);
        }
      }
      expect(plotSvg({ ...plot, title: 'a < b' }, size, PRINT_THEME)).toContain('aria-label="a &lt; b. ');
    }
  });
});
