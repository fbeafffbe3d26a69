import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ivimFit,
  voxelCount,
  type DiffusionVolume,
  type IvimFitOptions,
  type IvimParameters,
} from '@myelon/diffusion';
import { runPython } from '../../peers/python-peer';
import { cpuSeconds } from './cpu-time';
import { anyTissue, IVIM_B_VALUES, ivimField, rootMeanSquare, voxelMajor } from './fields';
import type { Findings, Goal } from './goal';

interface Race {
  readonly name: string;
  readonly options: IvimFitOptions;
  readonly peer: string;
  /** OSIPI's program of this kind, and its voxels per second and core on a machine like those Myelon is made for. */
  readonly osipi: readonly [name: string, voxelsPerSecond: number];
  readonly peerVoxels: number;
  readonly slices: number;
  readonly goal: number;
}

const RACES: readonly Race[] = [
  {
    name: 'segmented',
    options: { method: 'segmented' },
    peer: 'segmented',
    osipi: ['OJ_GU_seg', 146],
    peerVoxels: 600,
    slices: 6,
    goal: 500,
  },
  {
    name: 'least squares',
    options: { method: 'nlls' },
    peer: 'biexponential',
    osipi: ['OGC_biexp', 185],
    peerVoxels: 600,
    slices: 2,
    goal: 1000,
  },
  {
    name: 'Bayesian',
    options: { method: 'bayesian' },
    peer: 'bayesian',
    osipi: ['OGC_Bayesian', 32],
    peerVoxels: 150,
    slices: 1,
    goal: 500,
  },
];

interface PeerFit {
  readonly parameters: readonly [d: number, f: number, dStar: number, s0: number][];
  readonly cpuSeconds: number;
}

function peerFit(folder: string, volume: DiffusionVolume, method: string, voxels: number): PeerFit {
  const file = join(folder, 'ivim.f64');
  writeFileSync(file, new Uint8Array(voxelMajor(volume, voxels).buffer));
  const bValues = volume.gradients.bValues.join(',');
  return runPython('ivim_peers.py', [file, bValues, method, String(voxels)]) as PeerFit;
}

/** Speed beside the table of OSIPI's programs; SciPy fits of the same kind in the same run show what the machine is worth. */
export async function ivimSpeed(folder: string): Promise<Findings> {
  const parts = [];
  for (const race of RACES) parts.push(await raced(folder, race));
  return { goals: parts.flatMap(({ goals }) => goals), speeds: parts.flatMap(({ speeds }) => speeds) };
}

async function raced(folder: string, race: Race): Promise<Findings> {
  const { volume } = ivimField(IVIM_B_VALUES, { slices: race.slices, snr: 30 }, anyTissue);
  const ours = voxelCount(volume.grid) / (await cpuSeconds(() => ivimFit(volume, race.options), 1));
  const theirs = race.peerVoxels / peerFit(folder, volume, race.peer, race.peerVoxels).cpuSeconds;
  const [osipi, published] = race.osipi;
  const figures = { ratio: ours / published, ratioToScipy: ours / theirs };
  return {
    goals: [
      {
        area: 'IVIM speed',
        goal: `${race.name}: >= ${String(race.goal)} x OSIPI ${osipi} (${String(published)} voxels/s as published)`,
        measured: `${figures.ratio.toFixed(0)} x; ${figures.ratioToScipy.toFixed(0)} x SciPy ${race.peer} in this run`,
        met: figures.ratio >= race.goal,
        figures,
      },
    ],
    speeds: [
      { name: `Myelon IVIM ${race.name}`, voxelsPerSecond: ours },
      { name: `SciPy ${race.peer}, of the kind of ${osipi}`, voxelsPerSecond: theirs },
    ],
  };
}

/** Voxels of each SNR in the comparison with SciPy. */
const COMPARED = 400;

/**
 * Errors in f and D beside the SciPy fits of the same voxels. No goals: SciPy's single start and its bounds hold it back from
 * the minimum at low SNR, which happens to look like a prior.
 */
export async function ivimAccuracy(folder: string): Promise<Findings> {
  const goals: Goal[] = [];
  for (const snr of [10, 20, 30, 50]) {
    const { volume, truth } = ivimField(IVIM_B_VALUES, { slices: 1, side: 20, snr, seed: snr }, anyTissue);
    for (const [name, options, method] of [
      ['segmented', { method: 'segmented' }, 'segmented'],
      ['least squares', { method: 'nlls' }, 'biexponential'],
      ['Bayesian', { method: 'bayesian' }, 'biexponential'],
    ] as const)
      goals.push(await compared(folder, { volume, truth, snr, name, options, method }));
  }
  return { goals, speeds: [] };
}

async function compared(
  folder: string,
  {
    volume,
    truth,
    snr,
    name,
    options,
    method,
  }: {
    volume: DiffusionVolume;
    truth: readonly IvimParameters[];
    snr: number;
    name: string;
    options: IvimFitOptions;
    method: string;
  },
): Promise<Goal> {
  const { maps } = await ivimFit(volume, options);
  const { parameters } = peerFit(folder, volume, method, COMPARED);
  const trueF = truth.map(({ f }) => f);
  const trueD = truth.map(({ d }) => 1e3 * d);
  const figures = {
    f: rootMeanSquare(maps.ivim_f.values, trueF),
    peerF: rootMeanSquare(
      parameters.map(([, f]) => f),
      trueF,
    ),
    d: rootMeanSquare(
      maps.ivim_d.values.map((d) => 1e3 * d),
      trueD,
    ),
    peerD: rootMeanSquare(
      parameters.map(([d]) => 1e3 * d),
      trueD,
    ),
  };
  const text = (ours: number, theirs: number): string => `${ours.toFixed(3)} / ${theirs.toFixed(3)}`;
  return {
    area: 'IVIM accuracy',
    goal: `RMSE of ${name} beside SciPy ${method}, SNR ${String(snr)}`,
    measured: `f ${text(figures.f, figures.peerF)}, D x 1e3 ${text(figures.d, figures.peerD)}`,
    met: null,
    figures,
  };
}
