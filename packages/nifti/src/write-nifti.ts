import { gzipSync } from 'fflate';
import { checkGrid, InputRefused, spacingMm, type VoxelGrid } from '@myelon/diffusion';
import { flipLeftRightAndFrontBack, quaternionOf } from './affine-rotation';
import { dataFits } from './nifti-image';

export interface NiftiToWrite {
  readonly grid: VoxelGrid;
  readonly volumes: number;
  /** `[volume][slice][row][column]`. */
  readonly data: ArrayLike<number>;
  /** At most 79 ASCII characters; more is cut. */
  readonly description?: string;
}

export type NiftiDatatype = 'float32' | 'uint8' | 'int16';

const HEADER_BYTES = 352;
const CODES = { float32: [16, 4], uint8: [2, 1], int16: [4, 2] } as const;
/** NIFTI_UNITS_MM + NIFTI_UNITS_SEC. */
const MILLIMETRES_AND_SECONDS = 2 + 8;
const SCANNER_ANATOMICAL = 1;

/**
 * Writes a single-file NIfTI-1 image, little endian, with sform and qform (scanner anatomical) of the grid, voxels in
 * the order of `data`. See `toNiftiOrientation` for images that came from DICOM.
 * @throws InputRefused when data do not fit the grid, or a value does not fit the datatype without loss
 */
export function writeNifti(
  image: NiftiToWrite,
  options: { readonly gzip: boolean; readonly datatype?: NiftiDatatype },
): Uint8Array {
  const { grid, volumes } = image;
  const name = 'NIfTI image to write';
  checkGrid(grid, name);
  if (!Number.isInteger(volumes) || volumes < 1 || !dataFits(image))
    throw new InputRefused(
      `${String(image.data.length)} values for ${String(volumes)} volumes of ${String(grid.columns)} x ` +
        `${String(grid.rows)} x ${String(grid.slices)}`,
      name,
      'give one value per voxel',
    );
  const datatype = options.datatype ?? 'float32';
  const bytes = new Uint8Array(HEADER_BYTES + image.data.length * CODES[datatype][1]);
  writeHeader(new DataView(bytes.buffer), image, datatype);
  writeValues(bytes, image.data, datatype, name);
  return options.gzip ? gzipSync(bytes, { mtime: 0 }) : bytes;
}

function writeHeader(view: DataView, image: NiftiToWrite, datatype: NiftiDatatype): void {
  const { grid, volumes } = image;
  const affine = flipLeftRightAndFrontBack(grid.affine);
  const { b, c, d, qfac } = quaternionOf(affine);
  const [code, size] = CODES[datatype];
  view.setInt32(0, 348, true);
  const dims = [volumes > 1 ? 4 : 3, grid.columns, grid.rows, grid.slices, volumes, 1, 1, 1];
  for (const [index, dim] of dims.entries()) view.setInt16(40 + 2 * index, dim, true);
  view.setInt16(70, code, true);
  view.setInt16(72, 8 * size, true);
  const pixdims = [qfac, ...spacingMm(grid), 1, 1, 1, 1];
  for (const [index, pixdim] of pixdims.entries()) view.setFloat32(76 + 4 * index, pixdim, true);
  view.setFloat32(108, HEADER_BYTES, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, MILLIMETRES_AND_SECONDS);
  writeAscii(view, 148, (image.description ?? 'Myelon').slice(0, 79));
  view.setInt16(252, SCANNER_ANATOMICAL, true);
  view.setInt16(254, SCANNER_ANATOMICAL, true);
  const quaternion = [b, c, d, affine[3], affine[7], affine[11]];
  for (const [index, value] of quaternion.entries()) view.setFloat32(256 + 4 * index, value, true);
  for (const [index, value] of affine.entries()) view.setFloat32(280 + 4 * index, value, true);
  writeAscii(view, 344, 'n+1');
}

function writeAscii(view: DataView, at: number, text: string): void {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    view.setUint8(at + index, code < 0x80 ? code : 0x3f);
  }
}

/**
 * The smallest type that holds every value without loss: `int16` where all are whole numbers of its range, as scanners
 * store them, else `float32`.
 */
export function losslessDatatype(data: ArrayLike<number>): 'int16' | 'float32' {
  for (let index = 0, end = data.length; index < end; index++) {
    const value = data[index] ?? Number.NaN;
    if (value !== (value << 16) >> 16) return 'float32';
  }
  return 'int16';
}

const MACHINE_IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function writeValues(
  bytes: Uint8Array,
  data: ArrayLike<number>,
  datatype: NiftiDatatype,
  name: string,
): void {
  const count = data.length;
  const view = new DataView(bytes.buffer, HEADER_BYTES);
  if (datatype === 'float32') {
    if (MACHINE_IS_LITTLE_ENDIAN) new Float32Array(bytes.buffer, HEADER_BYTES, count).set(data);
    else for (let index = 0; index < count; index++) view.setFloat32(4 * index, data[index] ?? 0, true);
    return;
  }
  const [least, most] = datatype === 'uint8' ? [0, 255] : [-32768, 32767];
  for (let index = 0; index < count; index++) {
    const value = data[index] ?? 0;
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InputRefused(`value ${String(value)} does not fit ${datatype}`, name, 'write it as float32');
    if (datatype === 'uint8') view.setUint8(index, value);
    else view.setInt16(2 * index, value, true);
  }
}
