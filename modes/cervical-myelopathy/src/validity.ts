/** Modalities a study with cervical diffusion never consists of; MR beside them does not help. */
const EXCLUDED = ['SM', 'ECG', 'XC'];

/**
 * Diffusion cannot be told from what a study list knows, so the mode is offered for every MR study.
 * @param modalities of the study, separated by backslashes, as OHIF hands them over
 */
export function isValidMode({ modalities }: { readonly modalities: string }): {
  valid: boolean;
  description: string;
} {
  const present = modalities.split('\\');
  const excluded = present.find((modality) => EXCLUDED.includes(modality));
  if (excluded !== undefined) return { valid: false, description: `Not for studies with ${excluded} images` };
  return present.includes('MR')
    ? { valid: true, description: 'MR study: diffusion series are looked for when it opens' }
    : { valid: false, description: 'The study has no MR images' };
}
