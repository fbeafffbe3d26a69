import { HANGING_PROTOCOL, VIEWPORT_IDS } from '../ids';
import { VIEW_ROLE_ATTRIBUTE, type ViewRole } from './view-role';

const DIFFUSION = 'diffusion';
const SAGITTAL = 'sagittalT2';
const AXIAL = 'axialT2';

function selector(role: ViewRole) {
  return {
    seriesMatchingRules: [
      { attribute: VIEW_ROLE_ATTRIBUTE, constraint: { equals: { value: role } }, weight: 10, required: true },
      { attribute: 'isReconstructable', constraint: { equals: { value: true } }, weight: 2 },
      { attribute: 'NumberOfSeriesRelatedInstances', constraint: { greaterThan: { value: 4 } }, weight: 1 },
    ],
  };
}

/** Diffusion and maps are volumes, so that maps can lie over the image; anatomy is shown as it was sent. */
function viewport(viewportId: string, displaySet: string, viewportType: 'volume' | 'stack', start: string) {
  return {
    viewportOptions: {
      viewportId,
      viewportType,
      orientation: 'acquisition',
      toolGroupId: 'default',
      initialImageOptions: { preset: start },
    },
    displaySets: [{ id: displaySet }],
  };
}

const sagittal = viewport(VIEWPORT_IDS.sagittal, SAGITTAL, 'stack', 'middle');
const diffusion = viewport(VIEWPORT_IDS.diffusion, DIFFUSION, 'volume', 'middle');
const map = viewport(VIEWPORT_IDS.map, DIFFUSION, 'volume', 'middle');
const axial = viewport(VIEWPORT_IDS.axial, AXIAL, 'stack', 'middle');

type Viewport = typeof sagittal;

function stage(name: string, rows: number, columns: number, viewports: readonly Viewport[], matched: number) {
  return {
    id: name,
    name,
    stageActivation: { enabled: { minViewportsMatched: matched } },
    viewportStructure: { layoutType: 'grid', properties: { rows, columns } },
    viewports,
  };
}

/**
 * Sagittal T2 beside axial diffusion above, the map beside axial T2 below. What a study does not have is left out:
 * without T2 two columns.
 */
export const cervicalMyelopathyProtocol = {
  id: HANGING_PROTOCOL,
  name: 'Cervical myelopathy',
  description: 'Sagittal T2, diffusion, map and axial T2, all at one position',
  protocolMatchingRules: [{ attribute: 'ModalitiesInStudy', constraint: { contains: 'MR' }, weight: 1 }],
  toolGroupIds: ['default'],
  displaySetSelectors: {
    [DIFFUSION]: selector('diffusion'),
    [SAGITTAL]: selector('sagittal-t2'),
    [AXIAL]: selector('axial-t2'),
  },
  defaultViewport: {
    viewportOptions: { viewportType: 'stack', toolGroupId: 'default', allowUnmatchedView: true },
    displaySets: [{ id: DIFFUSION, matchedDisplaySetsIndex: -1 }],
  },
  stages: [
    stage('Cervical myelopathy', 2, 2, [sagittal, diffusion, map, axial], 4),
    stage('Diffusion and sagittal T2', 1, 3, [sagittal, diffusion, map], 3),
    stage('Diffusion and axial T2', 1, 3, [diffusion, map, axial], 3),
    stage('Diffusion', 1, 2, [diffusion, map], 2),
    stage('Anatomy', 1, 2, [sagittal, axial], 1),
  ],
  numberOfPriorsReferenced: -1,
};
