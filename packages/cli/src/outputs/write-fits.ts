import type { FitOutcome } from '@myelon/pipeline';
import { writeDetailMaps, writeDirections, writeMaps, type VoxelOrder } from './write-maps';

/**
 * Writes the maps of a fit, and with `details` those that say how it went.
 * @returns the file names
 */
export async function writeFits(
  folder: string,
  { maps, details, principalDirections }: FitOutcome,
  order: VoxelOrder,
  withDetails: boolean,
): Promise<string[]> {
  const files = await writeMaps(folder, maps, order);
  if (!withDetails) return files;
  const [tensorMap] = maps;
  const directions =
    principalDirections && tensorMap
      ? [await writeDirections(folder, tensorMap.grid, principalDirections, order)]
      : [];
  return [...files, ...(await writeDetailMaps(folder, details, order)), ...directions];
}
