import type { DisplaySet } from '../host/ohif';
import { DIFFUSION_HANDLER_ID } from '../ids';

/** What a display set is for the hanging protocol. */
export type ViewRole = 'diffusion' | 'sagittal-t2' | 'axial-t2' | 'other';

/** Name of the attribute under which the hanging protocol asks for it. */
export const VIEW_ROLE_ATTRIBUTE = 'myelonViewRole';

/** Spin echo images count as T2-weighted from this echo time on. */
const T2_ECHO_TIME_MS = 60;

export function viewRole(displaySet: DisplaySet): ViewRole {
  if (displaySet.SOPClassHandlerId === DIFFUSION_HANDLER_ID) return 'diffusion';
  if (displaySet.Modality !== 'MR' || !isT2(displaySet)) return 'other';
  const plane = planeOf(displaySet);
  if (plane === 'sagittal') return 'sagittal-t2';
  return plane === 'axial' ? 'axial-t2' : 'other';
}

function isT2(displaySet: DisplaySet): boolean {
  const description = (displaySet.SeriesDescription ?? '').toLowerCase();
  if (/loc|scout|survey|t1|flair/.test(description)) return false;
  if (/t2/.test(description)) return true;
  return Number(displaySet.instances?.[0]?.['EchoTime'] ?? 0) >= T2_ECHO_TIME_MS;
}

/** The plane of the first image: the patient axis its normal is closest to. */
export function planeOf(displaySet: DisplaySet): 'axial' | 'sagittal' | 'coronal' | null {
  const cosines = orientationOf(displaySet);
  if (cosines === null) return null;
  const [rx = 0, ry = 0, rz = 0, cx = 0, cy = 0, cz = 0] = cosines;
  const x = Math.abs(ry * cz - rz * cy);
  const y = Math.abs(rz * cx - rx * cz);
  const z = Math.abs(rx * cy - ry * cx);
  if (z >= x && z >= y) return 'axial';
  return x >= y ? 'sagittal' : 'coronal';
}

function orientationOf(displaySet: DisplaySet): number[] | null {
  const image = displaySet.images?.[0] ?? displaySet.instances?.[0];
  const value = image?.['ImageOrientationPatient'] ?? sharedOrientation(image);
  if (!Array.isArray(value) || value.length < 6) return null;
  return value.map(Number);
}

function sharedOrientation(image: Readonly<Record<string, unknown>> | undefined): unknown {
  const groups = image?.['SharedFunctionalGroupsSequence'];
  const group = (Array.isArray(groups) ? groups[0] : groups) as Record<string, unknown> | undefined;
  const planes = group?.['PlaneOrientationSequence'];
  const plane = (Array.isArray(planes) ? planes[0] : planes) as Record<string, unknown> | undefined;
  return plane?.['ImageOrientationPatient'];
}
