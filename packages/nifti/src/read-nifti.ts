import { gunzipSync } from 'fflate';
import { readHeader, isNIFTI, NIFTI2, type NIFTI1 } from 'nifti-reader-js';
import { checkGrid, InputRefused, type Affine, type Vector3 } from '@myelon/diffusion';
import { affineOfQuaternion, flipLeftRightAndFrontBack } from './affine-rotation';
import type { NiftiImage } from './nifti-image';

const GZIP_MAGIC = [0x1f, 0x8b];
const LARGEST_SIDE = 16384;

type ReadValue = (view: DataView, at: number, little: boolean) => number;

/** NIfTI datatype code to bytes per value and how to read one. */
const DATATYPES: Readonly<Record<number, readonly [bytes: number, read: ReadValue]>> = {
  2: [1, (view, at) => view.getUint8(at)],
  4: [2, (view, at, little) => view.getInt16(at, little)],
  8: [4, (view, at, little) => view.getInt32(at, little)],
  16: [4, (view, at, little) => view.getFloat32(at, little)],
  64: [8, (view, at, little) => view.getFloat64(at, little)],
  256: [1, (view, at) => view.getInt8(at)],
  512: [2, (view, at, little) => view.getUint16(at, little)],
  768: [4, (view, at, little) => view.getUint32(at, little)],
  1024: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  1280: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
};

/**
 * Reads a single-file NIfTI-1 or NIfTI-2 image (.nii, .nii.gz), 3-D or 4-D. The sform gives the geometry when it is
 * set, else the qform. Values that are not finite become 0.
 * @param name what to call the file in a refusal
 * @throws InputRefused for anything else, a file cut short, or an image without geometry
 */
export function readNifti(bytes: Uint8Array, name = 'NIfTI file'): NiftiImage {
  const plain = decompressed(bytes, name);
  const buffer = plain.buffer.slice(plain.byteOffset, plain.byteOffset + plain.byteLength) as ArrayBuffer;
  const header = niftiHeader(buffer, name);
  const [columns, rows, slices, volumes] = sizes(header, name);
  const affine = flipLeftRightAndFrontBack(affineOf(header, new DataView(buffer), name));
  const grid = { columns, rows, slices, affine };
  checkGrid(grid, name);
  const data = scaledValues(header, new DataView(buffer), columns * rows * slices * volumes, name);
  return { grid, volumes, data };
}

function decompressed(bytes: Uint8Array, name: string): Uint8Array {
  if (!GZIP_MAGIC.every((byte, index) => bytes[index] === byte)) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    throw new InputRefused('damaged gzip data', name, 'copy the file again');
  }
}

function niftiHeader(buffer: ArrayBuffer, name: string): NIFTI1 | NIFTI2 {
  if (buffer.byteLength < 352 || !isNIFTI(buffer))
    throw new InputRefused('not a single-file NIfTI image', name, 'give a .nii or .nii.gz file');
  return readHeader(buffer);
}

function sizes(header: NIFTI1 | NIFTI2, name: string): [number, number, number, number] {
  const [count = 0, columns = 0, rows = 0, slices = 1, volumes = 1, ...more] = header.dims;
  const used = [columns, rows, count >= 3 ? slices : 1, count >= 4 ? volumes : 1] as const;
  const extra = more.slice(0, Math.max(0, count - 4)).some((size) => size > 1);
  if (count < 2 || count > 7 || extra || used.some((size) => size < 1 || size > LARGEST_SIDE))
    throw new InputRefused(
      `dimensions ${header.dims.join(' ')}`,
      name,
      'give a 3-D or 4-D image with sizes of at least 1',
    );
  return [...used];
}

function affineOf(header: NIFTI1 | NIFTI2, view: DataView, name: string): Affine {
  const second = header instanceof NIFTI2;
  const little = header.littleEndian;
  if (header.sform_code > 0) {
    const read = (index: number) =>
      second ? view.getFloat64(400 + 8 * index, little) : view.getFloat32(280 + 4 * index, little);
    return Array.from({ length: 12 }, (_, index) => read(index)) as unknown as Affine;
  }
  if (header.qform_code > 0) {
    const qfac = (header.pixDims[0] ?? 1) < 0 ? -1 : 1;
    const spacing = header.pixDims.slice(1, 4) as unknown as Vector3;
    const quaternion = { b: header.quatern_b, c: header.quatern_c, d: header.quatern_d, qfac } as const;
    return affineOfQuaternion(quaternion, spacing, [header.qoffset_x, header.qoffset_y, header.qoffset_z]);
  }
  throw new InputRefused(
    'neither sform nor qform is set, so left and right are unknown',
    name,
    'export the image again with its orientation',
  );
}

function scaledValues(
  header: NIFTI1 | NIFTI2,
  view: DataView,
  count: number,
  name: string,
): Float32Array<ArrayBuffer> {
  const [size, read] = DATATYPES[header.datatypeCode] ?? [];
  if (size === undefined || read === undefined)
    throw new InputRefused(
      `NIfTI datatype ${String(header.datatypeCode)}`,
      name,
      'convert the image to a real, grey datatype',
    );
  const start = Math.max(header.vox_offset, 0);
  if (start + count * size > view.byteLength)
    throw new InputRefused(
      `${String(view.byteLength - start)} bytes of values where ${String(count * size)} are needed`,
      name,
      'the file was cut off: copy it again',
    );
  // A slope of 0 means "not scaled" (NIfTI-1 standard).
  const scaled = Number.isFinite(header.scl_slope) && header.scl_slope !== 0;
  const slope = scaled ? header.scl_slope : 1;
  const intercept = scaled && Number.isFinite(header.scl_inter) ? header.scl_inter : 0;
  const data = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    const value = read(view, start + index * size, header.littleEndian) * slope + intercept;
    data[index] = Number.isFinite(value) ? value : 0;
  }
  return data;
}
