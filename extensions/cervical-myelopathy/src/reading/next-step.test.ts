import { nextStep } from './next-step';
import { emptyReading, type ReadingState } from './reading-state';

const empty = emptyReading('1.2.3');
const withData: ReadingState = {
  ...empty,
  data: { ...empty.data, tensorSeriesUID: '1', state: { kind: 'done' } },
};
const withCord: ReadingState = { ...withData, cord: { ...withData.cord, voxelsPerSlice: [0, 60, 61] } };
const withMaps: ReadingState = { ...withCord, maps: { ...withCord.maps, available: ['fa'] } };
const withLevel: ReadingState = { ...withMaps, metrics: { ...withMaps.metrics, compressionSlices: [1] } };
const confirmed: ReadingState = {
  ...withLevel,
  confirmations: { outline: true, level: true, quality: true },
};

describe('the run-through bar', () => {
  it('says why nothing can be done in a study without diffusion', () => {
    const step = nextStep(empty);
    expect(step.action).toBe('none');
    expect(step.blocked).toMatch(/diffusion/);
  });

  it('offers to read again after a failure instead of leaving the reader stuck', () => {
    const failed: ReadingState = {
      ...empty,
      data: {
        ...empty.data,
        state: { kind: 'failed', problem: { what: 'archive away', whatToDo: 'try again' } },
      },
    };
    expect(nextStep(failed)).toMatchObject({ action: 'read-data', blocked: null });
  });

  it('leads from data over outline and maps to level, confirmation and report', () => {
    expect(nextStep(withData).action).toBe('find-cord');
    expect(nextStep(withCord).action).toBe('fit');
    expect(nextStep(withMaps).action).toBe('mark-compression');
    expect(nextStep(withLevel).action).toBe('confirm');
    expect(nextStep(confirmed).action).toBe('save-draft');
  });

  it('does not let an empty outline count as one', () => {
    expect(nextStep({ ...withData, cord: { ...withData.cord, voxelsPerSlice: [0, 0] } }).action).toBe(
      'find-cord',
    );
  });

  it('names the first slice that is left to check', () => {
    const outline = { slicesToCheck: [2, 5].map((slice) => ({ slice, why: 'weak edge' })) };
    const cord = { ...withMaps.cord, outline, acceptedSlices: [2] } as unknown as ReadingState['cord'];
    expect(nextStep({ ...withMaps, cord })).toMatchObject({
      action: 'check-slice',
      slice: 5,
      label: 'Review slice 6',
    });
  });

  it('leads to slices where an edit made the outline jump, and no more to doubts about what was redrawn since', () => {
    const outline = { slicesToCheck: [{ slice: 2, why: 'weak edge' }] };
    const findings = [{ slice: 4, kind: 'leaks', why: 'area 130 mm²' }];
    const doubtful = { ...withMaps.cord, outline, findings, editedSlices: [2] };
    const cord = doubtful as unknown as ReadingState['cord'];
    expect(nextStep({ ...withMaps, cord })).toMatchObject({ action: 'check-slice', slice: 4 });
    const accepted = { ...cord, acceptedSlices: [4] };
    expect(nextStep({ ...withMaps, cord: accepted }).action).toBe('mark-compression');
  });

  it('blocks saving where the site names no archive, and after the archive confirmed what is on screen', () => {
    expect(nextStep(confirmed).blocked).toMatch(/no archive/);
    const target = { name: 'PACS', url: '/dicom-web' };
    const record = { id: 'record-1' } as NonNullable<ReadingState['metrics']['record']>;
    const ready: ReadingState = {
      ...confirmed,
      metrics: { ...confirmed.metrics, record },
      report: { ...confirmed.report, target },
    };
    expect(nextStep(ready).blocked).toBeNull();
    const saved: ReadingState = { ...ready, report: { ...ready.report, savedRecordId: 'record-1' } };
    expect(nextStep(saved).blocked).toMatch(/Nothing has changed/);
    const changed: ReadingState = {
      ...saved,
      metrics: { ...saved.metrics, record: { ...record, id: 'record-2' } },
    };
    expect(nextStep(changed).blocked).toBeNull();
  });

  it('waits while anything is working', () => {
    const progress = { label: 'Fitting', fraction: null, startedAt: 0 };
    const working: ReadingState = {
      ...withCord,
      maps: { ...withCord.maps, state: { kind: 'working', progress } },
    };
    expect(nextStep(working)).toMatchObject({ action: 'none', section: 'maps' });
    expect(nextStep(working).blocked).not.toBeNull();
  });
});
