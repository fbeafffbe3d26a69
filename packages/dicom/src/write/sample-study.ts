import type { VoxelGrid } from '@myelon/diffusion';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import type { DeviceIdentity } from './equipment';
import type { ReferencedVolume } from './referenced-volume';
import type { ObjectIdentity } from './derived-object';
import { newUID } from './uid';

/** Made-up study for the tests of this room: a Japanese name, an offset from UTC, everything a header may hold. */
export const SAMPLE_SOURCE: DicomJsonDataset = {
  '0020000D': { vr: 'UI', Value: ['1.2.826.0.1.3680043.10.1'] },
  '00080020': { vr: 'DA', Value: ['20260115'] },
  '00080030': { vr: 'TM', Value: ['093000'] },
  '00080050': { vr: 'SH', Value: ['A-77'] },
  '00080090': { vr: 'PN' },
  '00080201': { vr: 'SH', Value: ['+0900'] },
  '00081030': { vr: 'LO', Value: ['Halswirbelsäule'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎' }] },
  '00100020': { vr: 'LO', Value: ['P-1'] },
  '00100021': { vr: 'LO', Value: ['HOSPITAL'] },
  '00100030': { vr: 'DA', Value: ['19500505'] },
  '00100040': { vr: 'CS', Value: ['M'] },
  '00200010': { vr: 'SH', Value: ['S1'] },
};

export const SAMPLE_DEVICE: DeviceIdentity = {
  manufacturer: 'Myelon',
  modelName: 'Myelon',
  serialNumber: 'reading-room-2',
  softwareVersion: '0.1.0',
  deviceUID: '2.25.329800735698586629295641978511506172918',
  name: 'Reading room 2',
};

/** An oblique grid: columns along +x tilted, slices not along an axis. */
export function obliqueGrid(columns: number, rows: number, slices: number): VoxelGrid {
  const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
  return {
    columns,
    rows,
    slices,
    affine: [0.9, 0, 0, -31.25, 0, 0.8 * c, -5 * s, 12.5, 0, 0.8 * s, 5 * c, -77.125],
    frameOfReferenceUID: '2.25.100001',
  };
}

export function sampleVolume(grid: VoxelGrid, kind: 'classic' | 'enhanced'): ReferencedVolume {
  return {
    grid,
    seriesInstanceUID: '2.25.200001',
    sopClassUID: kind === 'classic' ? '1.2.840.10008.5.1.4.1.1.4' : '1.2.840.10008.5.1.4.1.1.4.1',
    slices: Array.from({ length: grid.slices }, (_, slice) =>
      kind === 'classic'
        ? { sopInstanceUID: `2.25.30000${String(slice + 1)}`, frame: 1 }
        : { sopInstanceUID: '2.25.300000', frame: slice + 1 },
    ),
  };
}

export function sampleIdentity(seriesNumber: number, seriesDescription: string): ObjectIdentity {
  return { sopInstanceUID: newUID(), seriesInstanceUID: newUID(), seriesNumber, seriesDescription };
}
