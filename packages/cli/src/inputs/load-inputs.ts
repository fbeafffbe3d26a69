import type { CommandContext } from '../command-result';
import { loadDicomFolder } from './dicom-folder';
import { loadDicomWebStudy } from './dicomweb-study';
import { isFolder } from './files';
import type { InputPlace } from './input-options';
import type { LoadedInputs } from './loaded-inputs';
import { loadNifti } from './nifti-input';

/**
 * Reads the diffusion series of an input.
 * @param only Series Instance UID or name; when given, other series are ignored
 * @throws InputRefused when nothing usable is found
 */
export async function loadInputs(
  place: InputPlace,
  only: string | undefined,
  context: CommandContext,
): Promise<LoadedInputs> {
  if (place.kind === 'nifti') return loadNifti(place);
  const choice = { only, table: place.table };
  if (place.kind === 'dicomweb') return loadDicomWebStudy(place, choice, context);
  return loadDicomFolder({ name: place.path, isFolder: await isFolder(place.path) }, choice, context);
}
