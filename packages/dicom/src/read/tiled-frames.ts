import { InputRefused, type Vector3 } from '@myelon/diffusion';
import { number, string, strings } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { pixelFormat, type PixelFormat } from '../dataset/pixel-format';
import {
  privateItems,
  privateNumber,
  privateNumbers,
  type PrivateElement,
} from '../dataset/private-elements';
import { Tag } from '../dataset/tags';
import { acquisitionOrder } from './acquisition-order';
import { instanceIds } from './classic';
import type { DiffusionFrame } from './diffusion-frame';
import { readGradient } from './gradients/gradient-readers';
import { imageName } from './image-name';
import { imageOrientation, imagePosition, pixelSpacing, type ImageOrientation } from './image-plane';
import { rescale } from './scaling';
import { csaNumbers } from './siemens-csa';
import { csaImageHeader, SiemensElement } from './siemens-elements';
import { dot, plus, scaled, vector3 } from './vectors';

const MOST_TILES = 4096;

/** Where the slices of a volume lie when they are tiles of one image. */
interface Tiling {
  readonly columns: number;
  readonly rows: number;
  /** Position of the first pixel of each tile, LPS mm. */
  readonly positions: readonly Vector3[];
  readonly sliceSpacingMm: number | undefined;
  readonly warnings: readonly string[];
}

const uih = {
  group: '0065',
  creator: 'Image Private Header',
  manufacturer: /^(uih|united imaging)/iu,
} as const;
const UIH_TILE_COUNT: PrivateElement = { ...uih, element: '50', vr: 'DS' };
const UIH_TILES: PrivateElement = { ...uih, element: '51', vr: 'SQ' };

/** True for a Siemens mosaic or a UIH VFRAME: all slices of a volume as tiles of one classic image. */
export function isTiled(dataset: DicomJsonDataset): boolean {
  return kindOf(dataset) !== undefined;
}

function kindOf(dataset: DicomJsonDataset): 'MOSAIC' | 'VFRAME' | undefined {
  const types = strings(dataset, Tag.ImageType).map((value) => value.toUpperCase());
  if (types.includes('MOSAIC')) return 'MOSAIC';
  return types.includes('VFRAME') ? 'VFRAME' : undefined;
}

/**
 * The slices of a tiled image. Tiles run left to right, then down; tiles after the last slice are blank.
 * Source: dcm2niix Siemens and UIH READMEs; equal to dcm2niix on D13 mosaics and uMR 770 VFRAME images.
 * @throws InputRefused when the number of tiles or their places are not in the header
 */
export function tiledFrames(dataset: DicomJsonDataset): DiffusionFrame[] {
  const name = imageName(dataset);
  const format = pixelFormat(dataset, name);
  const orientation = imageOrientation([dataset], name);
  const [rowSpacingMm, columnSpacingMm] = pixelSpacing([dataset], name);
  const tiling =
    kindOf(dataset) === 'MOSAIC'
      ? mosaicTiling(dataset, format, orientation, name)
      : vframeTiling(dataset, format, name);
  const ids = instanceIds(dataset, name);
  const reading = readGradient(dataset, orientation);
  const gradient = reading && { ...reading, warnings: [...reading.warnings, ...tiling.warnings] };
  const width = format.columns / tiling.columns;
  const height = format.rows / tiling.rows;
  const { slope, intercept } = rescale(dataset, dataset);
  const frameOfReferenceUID = string(dataset, Tag.FrameOfReferenceUID);
  const volumeKey = [ids.sopInstanceUID];
  const [echoTimeMs, repetitionTimeMs] = [number(dataset, Tag.EchoTime), number(dataset, Tag.RepetitionTime)];
  const order = acquisitionOrder(dataset);
  return tiling.positions.map((position, tile) => ({
    sopInstanceUID: ids.sopInstanceUID,
    seriesInstanceUID: ids.seriesInstanceUID,
    slope,
    intercept,
    frame: 1,
    pixelFormat: format,
    columns: width,
    rows: height,
    frameOfReferenceUID,
    gradient,
    volumeKey,
    sliceSpacingMm: tiling.sliceSpacingMm,
    echoTimeMs,
    repetitionTimeMs,
    tile: { column: (tile % tiling.columns) * width, row: Math.floor(tile / tiling.columns) * height },
    plane: {
      row: orientation.row,
      column: orientation.column,
      normal: orientation.normal,
      position,
      rowSpacingMm,
      columnSpacingMm,
    },
    order: [...order, tile],
    name: `${name}, tile ${String(tile + 1)}`,
  }));
}

function mosaicTiling(
  dataset: DicomJsonDataset,
  format: PixelFormat,
  { row, column, normal }: ImageOrientation,
  name: string,
): Tiling {
  const csa = csaImageHeader(dataset);
  const count = tileCount(
    [
      csa && csaNumbers(csa, 'NumberOfImagesInMosaic')[0],
      privateNumber(dataset, SiemensElement.NumberOfImagesInMosaic),
      privateNumbers(dataset, SiemensElement.MosaicRefAcqTimes).length,
    ],
    name,
  );
  const side = Math.ceil(Math.sqrt(count));
  checkDivides(format, side, side, name);
  const spacing = number(dataset, Tag.SpacingBetweenSlices);
  if (spacing === undefined || !(spacing > 0))
    throw new InputRefused(
      'Spacing Between Slices (0018,0088) of a mosaic is missing',
      name,
      'send the series again from the scanner',
    );
  const [rowSpacingMm, columnSpacingMm] = pixelSpacing([dataset], name);
  const csaNormal = csa && vector3(csaNumbers(csa, 'SliceNormalVector'));
  const sign = csaNormal && dot(csaNormal, normal) < 0 ? -1 : 1;
  // Image Position is that of a mosaic-sized image around the same centre.
  const right = (columnSpacingMm * (format.columns - format.columns / side)) / 2;
  const down = (rowSpacingMm * (format.rows - format.rows / side)) / 2;
  const first = plus(plus(imagePosition([dataset], name), scaled(row, right)), scaled(column, down));
  return {
    columns: side,
    rows: side,
    positions: Array.from({ length: count }, (_, tile) => plus(first, scaled(normal, sign * spacing * tile))),
    sliceSpacingMm: spacing,
    warnings: csaNormal
      ? []
      : ['mosaic without slice normal (CSA header): slice order assumed along the normal'],
  };
}

function vframeTiling(dataset: DicomJsonDataset, format: PixelFormat, name: string): Tiling {
  const tiles = privateItems(dataset, UIH_TILES);
  const count = tileCount([privateNumber(dataset, UIH_TILE_COUNT), tiles.length], name);
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  checkDivides(format, columns, rows, name);
  if (tiles.length < count)
    throw new InputRefused(
      `positions (0065,1051) of ${String(tiles.length)} of ${String(count)} tiles`,
      name,
      'private elements were stripped: send the series again from the scanner',
    );
  return {
    columns,
    rows,
    positions: tiles.slice(0, count).map((tile) => imagePosition([tile], name)),
    sliceSpacingMm: number(dataset, Tag.SpacingBetweenSlices) ?? number(dataset, Tag.SliceThickness),
    warnings: [],
  };
}

function tileCount(candidates: readonly (number | undefined)[], name: string): number {
  const count = candidates.find((value) => value !== undefined && value > 0);
  if (count !== undefined && Number.isInteger(count) && count <= MOST_TILES) return count;
  throw new InputRefused(
    'the number of slices in the tiled image is not in the header (Siemens 0019,100a, UIH 0065,1050)',
    name,
    'private elements were stripped: send the series again from the scanner',
  );
}

function checkDivides(format: PixelFormat, columns: number, rows: number, name: string): void {
  if (format.columns % columns === 0 && format.rows % rows === 0) return;
  throw new InputRefused(
    `${String(format.columns)} x ${String(format.rows)} pixels do not divide into ${String(columns)} x ${String(rows)} tiles`,
    name,
    'the header is damaged: send the series again from the scanner',
  );
}
