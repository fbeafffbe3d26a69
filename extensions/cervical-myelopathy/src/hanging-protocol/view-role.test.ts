import { DIFFUSION_HANDLER_ID } from '../ids';
import type { DisplaySet } from '../host/ohif';
import { planeOf, viewRole } from './view-role';

const AXIAL = [1, 0, 0, 0, 1, 0];
const SAGITTAL = [0, 1, 0, 0, 0, -1];
/** 30 degrees off axial, as a stack along a lordotic neck. */
const TILTED = [1, 0, 0, 0, 0.866, 0.5];

function series(description: string, orientation: number[], more: Record<string, unknown> = {}): DisplaySet {
  const instance = {
    StudyInstanceUID: '1',
    SeriesInstanceUID: '2',
    SOPInstanceUID: '3',
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
    ImageOrientationPatient: orientation,
    ...more,
  };
  return {
    displaySetInstanceUID: 'a',
    StudyInstanceUID: '1',
    SeriesInstanceUID: '2',
    Modality: 'MR',
    SeriesDescription: description,
    instances: [instance],
  };
}

describe('what a series is for the hanging protocol', () => {
  it.each([
    ['T2 TSE sagittal', SAGITTAL, {}, 'sagittal-t2'],
    ['t2_tse_tra', TILTED, {}, 'axial-t2'],
    ['SAG', SAGITTAL, { EchoTime: 105 }, 'sagittal-t2'],
    ['SAG', SAGITTAL, { EchoTime: 11 }, 'other'],
    ['T1 TSE sagittal', SAGITTAL, { EchoTime: 105 }, 'other'],
    ['localizer', AXIAL, { EchoTime: 80 }, 'other'],
    ['T2 coronal', [1, 0, 0, 0, 0, -1], {}, 'other'],
  ])('%s', (description, orientation, more, role) => {
    expect(viewRole(series(description, orientation, more))).toBe(role);
  });

  it('takes a series for diffusion when our handler claimed it', () => {
    expect(viewRole({ ...series('T2', AXIAL), SOPClassHandlerId: DIFFUSION_HANDLER_ID })).toBe('diffusion');
  });

  it('knows the plane from enhanced objects too', () => {
    const enhanced = series('T2', []);
    const groups = [{ PlaneOrientationSequence: [{ ImageOrientationPatient: SAGITTAL }] }];
    const [instance] = enhanced.instances ?? [];
    const shared = {
      ...instance!,
      ImageOrientationPatient: undefined,
      SharedFunctionalGroupsSequence: groups,
    };
    expect(planeOf({ ...enhanced, instances: [shared] })).toBe('sagittal');
  });
});
