import { Option, type Command } from 'commander';
import { BadUsage } from '../exit-code';

/** The input arguments of a command, as commander gives them. */
export interface InputOptions {
  readonly bval?: string;
  readonly bvec?: string;
  readonly series?: string;
  readonly dicomweb?: string;
  readonly study?: string;
}

/** Where the images are. */
export type InputPlace =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'nifti'; readonly path: string; readonly bval: string; readonly bvec: string }
  | { readonly kind: 'dicomweb'; readonly url: string; readonly study: string };

/** Options that belong to NIfTI input, and the choice of one series. */
export function addFileInputOptions(command: Command): Command {
  return command
    .addOption(new Option('--bval <file>', 'b-values of a NIfTI input, in s/mm2 (FSL convention)'))
    .addOption(new Option('--bvec <file>', 'gradient directions of a NIfTI input (FSL convention)'))
    .addOption(new Option('--series <uid or name>', 'use only this diffusion series of a folder or study'));
}

export function addDicomWebOptions(command: Command): Command {
  return command
    .addOption(new Option('--dicomweb <url>', 'read the study from this DICOMweb server instead of files'))
    .addOption(new Option('--study <uid>', 'Study Instance UID on that server'));
}

/** @throws BadUsage when the arguments name no input, two inputs, or half of one */
export function inputPlace(dwi: string | undefined, options: InputOptions): InputPlace {
  const { bval, bvec, dicomweb, study } = options;
  if (dicomweb !== undefined || study !== undefined) {
    if (dwi !== undefined) throw new BadUsage('give either files or --dicomweb, not both');
    if (dicomweb === undefined || study === undefined)
      throw new BadUsage('--dicomweb URL and --study UID belong together: give both');
    return { kind: 'dicomweb', url: dicomweb, study };
  }
  if (dwi === undefined)
    throw new BadUsage('no input: give a folder of DICOM files, or a .nii or .nii.gz with --bval and --bvec');
  if (!isNiftiName(dwi)) {
    if (bval !== undefined || bvec !== undefined)
      throw new BadUsage(`--bval and --bvec belong to a .nii or .nii.gz input, not to ${dwi}`);
    return { kind: 'folder', path: dwi };
  }
  if (bval === undefined || bvec === undefined)
    throw new BadUsage(`${dwi} holds no gradient table: give --bval FILE and --bvec FILE`);
  return { kind: 'nifti', path: dwi, bval, bvec };
}

export function isNiftiName(path: string): boolean {
  return /\.nii(\.gz)?$/i.test(path);
}
