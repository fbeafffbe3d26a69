import type { Vector3 } from '@myelon/diffusion';
import { randomStream } from './random';
import { Tissue } from './tissues';

// Local names: in a sandboxed context every look-up of the global Math costs more than the function itself.
const { abs, sqrt, cos, exp, round, hypot, min, max, PI } = Math;

/** Discs by name and height. */
export interface DiscLevel {
  /** "C2/3" ... "C7/T1". */
  readonly name: string;
  readonly zMm: number;
}

/** Everything about the cord and canal in one axial plane, LPS mm. */
export interface CordSection {
  readonly x: number;
  readonly y: number;
  /** Semi-axes of the cord: left-right and front-back. */
  readonly halfWidth: number;
  readonly halfDepth: number;
  /** Semi-axes of the dural sac and how far its centre lies behind the cord's. */
  readonly canalHalfWidth: number;
  readonly canalHalfDepth: number;
  readonly canalShift: number;
  /** Front of the canal where nothing compresses it. */
  readonly canalFrontY: number;
}

/** A cervical spine in patient space: any point has a tissue. z = 0 is the middle of C4/5 and C5/6. */
export interface Anatomy {
  readonly discs: readonly DiscLevel[];
  /** Height of the compressed disc (C5/6), or null. */
  readonly compressionZMm: number | null;
  section(zMm: number): CordSection;
  /** Unit vector along the cord, pointing up. */
  tangent(zMm: number): Vector3;
  /** 0 healthy, 1 fully diseased cord. */
  lesionWeight(zMm: number): number;
  tissueAt(xMm: number, yMm: number, zMm: number): Tissue;
}

export interface AnatomyOptions {
  readonly seed: number;
  readonly compression: boolean;
  /** Front-back diameter left at the compression, as a fraction of normal. */
  readonly remainingDepth: number;
}

const LEVEL_SPACING_MM = 16;
const DISC_HALF_HEIGHT_MM = 2.5;
const DISC_NAMES = ['C2/3', 'C3/4', 'C4/5', 'C5/6', 'C6/7', 'C7/T1', 'T1/2'];
const C56_Z_MM = -8;
const C56_INDEX = DISC_NAMES.indexOf('C5/6');

/** Beyond this height the course goes on straight. */
const CURVED_UP_TO_MM = 60;

interface Build {
  readonly x0: number;
  readonly y0: number;
  readonly lean: number;
  readonly radius: number;
  readonly scale: number;
}

/** @returns a spine whose build (size, curve, position) varies moderately with the seed */
export function cervicalAnatomy(options: AnatomyOptions): Anatomy {
  const random = randomStream(options.seed, 'anatomy');
  const build: Build = {
    x0: random.between(-2, 2),
    y0: random.between(-2, 2),
    lean: random.between(-0.02, 0.02),
    radius: random.between(180, 260),
    scale: random.between(0.96, 1.04),
  };
  const compressionZMm = options.compression ? C56_Z_MM : null;
  const discs = DISC_NAMES.map((name, index) => ({
    name,
    zMm: C56_Z_MM + (C56_INDEX - index) * LEVEL_SPACING_MM,
  }));
  const section = rememberingLast((zMm: number) =>
    cordSection(build, compressionZMm, options.remainingDepth, zMm),
  );
  return {
    discs,
    compressionZMm,
    section,
    tangent: rememberingLast((zMm: number): Vector3 => {
      const slope = clamp(zMm, -CURVED_UP_TO_MM, CURVED_UP_TO_MM) / build.radius;
      const length = hypot(build.lean, slope, 1);
      return [build.lean / length, slope / length, 1 / length];
    }),
    lesionWeight: (zMm) => (compressionZMm === null ? 0 : lesionWeight(abs(zMm - compressionZMm))),
    tissueAt: (x, y, z) => tissueIn(section(z), x, y, z),
  };
}

/** Samples of one plane come one after the other: asked again for the same height, the last answer serves. */
function rememberingLast<T>(compute: (zMm: number) => T): (zMm: number) => T {
  let lastZ = Number.NaN;
  let last: T | null = null;
  return (zMm) => {
    if (last === null || zMm !== lastZ) [lastZ, last] = [zMm, compute(zMm)];
    return last;
  };
}

/** 1 within 4.5 mm of the compressed disc, down to 0 at 9.5 mm. */
function lesionWeight(distanceMm: number): number {
  if (distanceMm <= 4.5) return 1;
  if (distanceMm >= 9.5) return 0;
  return 0.5 * (1 + cos((PI * (distanceMm - 4.5)) / 5));
}

function cordSection(
  build: Build,
  compressionZMm: number | null,
  remainingDepth: number,
  zMm: number,
): CordSection {
  const inner = clamp(zMm, -CURVED_UP_TO_MM, CURVED_UP_TO_MM);
  const x = build.x0 + build.lean * zMm;
  // Lordosis: convex to the front (-y), so the ends lie further back.
  const y = build.y0 + (inner * inner) / (2 * build.radius) + ((zMm - inner) * inner) / build.radius;
  const enlargement = 0.5 * exp(-0.5 * (zMm / 20) ** 2);
  const squeeze = compressionZMm === null ? 0 : exp(-0.5 * ((zMm - compressionZMm) / 5) ** 2);
  const halfWidth = build.scale * (5.8 + enlargement) * (1 + 0.08 * squeeze);
  const normalHalfDepth = 4 * build.scale;
  const halfDepth = normalHalfDepth * (1 - (1 - remainingDepth) * squeeze);
  const csf = 2.8 * (1 - squeeze) + 0.8 * squeeze;
  const canalShift = 0.4;
  return {
    x,
    y,
    halfWidth,
    halfDepth,
    canalHalfWidth: halfWidth + 2.8,
    canalHalfDepth: halfDepth + csf,
    canalShift,
    canalFrontY: y + canalShift - normalHalfDepth - 2.8,
  };
}

function tissueIn(s: CordSection, x: number, y: number, z: number): Tissue {
  const across = x - s.x;
  const behind = y - s.y;
  if ((across / s.halfWidth) ** 2 + (behind / s.halfDepth) ** 2 <= 1) return Tissue.cord;
  const fromCanal = behind - s.canalShift;
  if ((across / s.canalHalfWidth) ** 2 + (fromCanal / s.canalHalfDepth) ** 2 <= 1)
    return isRoot(s, across, behind) ? Tissue.root : Tissue.csf;
  const wall = 1.2;
  if (
    (across / (s.canalHalfWidth + wall)) ** 2 + (fromCanal / (s.canalHalfDepth + wall)) ** 2 <= 1 &&
    behind > -s.canalHalfDepth * 0.5
  )
    return Tissue.ligament;
  return spineOrNeck(s, across, y, z);
}

/** Four rootlets a slice, beside the cord at its front and back. */
function isRoot(s: CordSection, across: number, behind: number): boolean {
  const fromSide = abs(across) - (s.halfWidth + 0.9);
  return fromSide ** 2 + (abs(behind) - 1.8) ** 2 <= 0.36;
}

function spineOrNeck(s: CordSection, across: number, y: number, z: number): Tissue {
  const beforeCanal = s.canalFrontY - y;
  const isDisc = abs(distanceToDisc(z)) <= DISC_HALF_HEIGHT_MM;
  const highestBody = C56_Z_MM + C56_INDEX * LEVEL_SPACING_MM + 28;
  // The part of the normal canal that a compression took: disc in front, ligament behind.
  if (beforeCanal < 0 && beforeCanal > -6 && y < s.y && abs(across) < 9) return Tissue.disc;
  if (beforeCanal >= 0 && z < highestBody && (across / 10) ** 2 + ((beforeCanal - 8) / 8.5) ** 2 <= 1)
    return isDisc ? Tissue.disc : Tissue.bone;
  const behindCanal = y - s.y - s.canalShift - s.canalHalfDepth;
  if (behindCanal > 0 && z < highestBody) {
    const inSpinousProcess = abs(distanceToDisc(z - 4)) > 4 && abs(across) < 3 && behindCanal < 24;
    const inLamina = abs(distanceToDisc(z)) > 3 && behindCanal > 1.5 && behindCanal + 0.4 * abs(across) < 7;
    if (inSpinousProcess || (inLamina && abs(across) < 12)) return Tissue.bone;
    if (abs(across) < 0.8 && behindCanal < 30) return Tissue.ligament;
  }
  return neck(across, y - s.y);
}

function neck(across: number, behind: number): Tissue {
  const fromAxis = sqrt((across / 58) ** 2 + ((behind + 2) / 62) ** 2);
  if (fromAxis > 1) return Tissue.air;
  if (fromAxis > 0.92) return Tissue.fat;
  if ((across / 9) ** 2 + ((behind + 36) / 8) ** 2 < 1) return Tissue.air;
  // Fat planes between muscle layers.
  if (abs(fromAxis - 0.6) < 0.015) return Tissue.fat;
  return Tissue.muscle;
}

/** Signed distance to the nearest disc, if the spacing went on for ever, mm. */
function distanceToDisc(z: number): number {
  const phase = (z - C56_Z_MM) / LEVEL_SPACING_MM;
  return (phase - round(phase)) * LEVEL_SPACING_MM;
}

function clamp(value: number, low: number, high: number): number {
  return min(max(value, low), high);
}
