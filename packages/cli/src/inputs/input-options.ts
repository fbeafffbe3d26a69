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

/** FSL files with a gradient table. */
export interface GradientTableFiles {
  readonly bval: string;
  readonly bvec: string;
}

/** Where the images are; `table` is to be used instead of that of DICOM headers. */
export type InputPlace =
  | { readonly kind: 'folder'; readonly path: string; readonly table?: GradientTableFiles }
  | { readonly kind: 'nifti'; readonly path: string; readonly bval: string; readonly bvec: string }
  | {
      readonly kind: 'dicomweb';
      readonly url: string;
      readonly study: string;
      readonly table?: GradientTableFiles;
    };

/** Options that belong to NIfTI input, and the choice of one series. */
export function addFileInputOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--bval <file>',
        'b-values in s/mm2 (FSL convention); with DICOM, instead of those of the headers',
      ),
    )
    .addOption(
      new Option(
        '--bvec <file>',
        'gradient directions (FSL convention); with DICOM, instead of those of the headers',
      ),
    )
    .addOption(
      new Option(
        '--series <uid, number or name>',
        'use only this diffusion series of a folder or study; several, separated by commas, are joined',
      ),
    );
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
    return { kind: 'dicomweb', url: dicomweb, study, ...tableOf(options) };
  }
  if (dwi === undefined)
    throw new BadUsage('no input: give a folder of DICOM files, or a .nii or .nii.gz with --bval and --bvec');
  if (!isNiftiName(dwi)) {
    return { kind: 'folder', path: dwi, ...tableOf(options) };
  }
  if (bval === undefined || bvec === undefined)
    throw new BadUsage(`${dwi} holds no gradient table: give --bval FILE and --bvec FILE`);
  return { kind: 'nifti', path: dwi, bval, bvec };
}

function tableOf({ bval, bvec }: InputOptions): { table?: GradientTableFiles } {
  if (bval === undefined && bvec === undefined) return {};
  if (bval === undefined || bvec === undefined)
    throw new BadUsage('--bval FILE and --bvec FILE belong together: give both');
  return { table: { bval, bvec } };
}

export function isNiftiName(path: string): boolean {
  return /\.nii(\.gz)?$/i.test(path);
}
