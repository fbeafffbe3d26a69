/** Sentences about outline, levels and shape of the cord. */
export const CORD_WORDS = {
  cord: {
    find: 'Find cord',
    findAgain: 'Find again',
    point: 'Point at the cord',
    pointing: 'Click on the cord in the axial diffusion image. Escape stops.',
    outlining: 'Outlining the cord',
    tools: 'Drawing tools',
    brush: 'Brush',
    eraser: 'Eraser',
    threshold: 'Threshold brush',
    freehand: 'Contour',
    spline: 'Spline',
    toolHelp: {
      brush: 'Drag in the diffusion image to add cord.',
      eraser: 'Drag in the diffusion image to take cord away.',
      threshold: 'Drag to add voxels whose value is that of cord.',
      freehand: 'Drag once round the cord: the line becomes the outline of this slice.',
      spline:
        'Click points round the cord; click the first one, double click or press Enter to close. Escape gives up.',
    },
    thresholdRange: (low: number, high: number, cord: number, round: number) =>
      `Takes ${low.toFixed(0)} to ${high.toFixed(0)} of the image shown (cord ${cord.toFixed(0)}, round it ${round.toFixed(0)}, medians).`,
    noThreshold: 'The image shown does not tell cord from its surroundings.',
    noThresholdDo: 'Find the cord first, or use brush, contour or spline.',
    sliceTools: 'This slice',
    copyTo: (slice: number) => `Copy to slice ${String(slice)}`,
    widen: 'Widen by 0.5 mm',
    narrow: 'Narrow by 0.5 mm',
    redoSlice: 'Outline this slice again',
    redoing: (slice: number) => `Outlining slice ${String(slice)} again`,
    fillBetween: 'Interpolate missing slices',
    noneMissing: 'No slice between slices with cord is missing.',
    stored: (count: number) => `Use an outline of this study (${String(count)})`,
    importing: 'Reading the stored outline',
    use: 'Use',
    resampled: 'One drawn on other images is taken voxel by voxel from where it lies; nothing is registered.',
    undo: 'Undo',
    redo: 'Redo',
    off: 'Stop drawing',
    grow: 'Larger brush',
    shrink: 'Smaller brush',
    diameter: (mm: number) => `${String(mm)} mm`,
    show: 'Show outline',
    accept: 'Accept slice',
    goThere: 'Go there',
    summary: (slices: number, total: number, toCheck: number) =>
      `${String(slices)} of ${String(total)} slices${toCheck > 0 ? `, ${String(toCheck)} to check` : ''}`,
    edited: 'edited by hand',
    automatic: 'automatic',
    toCheck: (slice: number, why: string) => `Slice ${String(slice)}: ${why}`,
    empty: 'No voxel is marked as cord.',
    emptyDo: 'Find the cord again, point at it, or draw it with the brush.',
  },
  levels: {
    title: 'Levels',
    none: 'not named: click on one disc you know',
    disc: 'Disc',
    click: 'Click on it in the sagittal T2',
    picking: (name: string) => `Click on disc ${name} in the sagittal T2. Escape stops.`,
    putHere: (slice: number) => `It is at slice ${String(slice)}`,
    position: 'mm from the top',
    move: 'move',
    by: 'placed by',
    up: (name: string) => `Move ${name} up by 1 mm`,
    down: (name: string) => `Move ${name} down by 1 mm`,
    forget: 'you; forget',
    forgetDisc: (name: string) => `you; forget ${name}`,
    proposed: 'proposal',
    basis: {
      spacing: 'Proposed from ordinary spacing alone: check, and name a second disc.',
      'spacing and sagittal image':
        'Proposed from spacing and the sagittal T2; drag a line there to move it.',
    },
  },
  shape: {
    title: 'Size and shape',
    along: 'Along the cord:',
    measures: {
      areaMm2: 'Area (mm²)',
      apDiameterMm: 'Front-back diameter (mm)',
      transverseDiameterMm: 'Left-right diameter (mm)',
      compressionRatio: 'Compression ratio',
    },
    narrowest: 'Narrowest beside its neighbours, a proposal:',
    marked: 'At the marked compression:',
    noReference: 'No slice has cord 10 to 30 mm above and below it: no narrowest level is proposed.',
    slice: (slice: number) => `slice ${String(slice)}`,
    compression: (found: {
      apDiameterMm: number;
      areaMm2: number;
      compressionRatio: number;
      mscc: number | null;
      areaReduction: number | null;
    }) =>
      `front-back ${found.apDiameterMm.toFixed(1)} mm, area ${found.areaMm2.toFixed(0)} mm², ratio ${found.compressionRatio.toFixed(2)}; MSCC ${found.mscc === null ? '–' : `${(100 * found.mscc).toFixed(0)} %`}, area ${found.areaReduction === null ? '–' : `${(100 * found.areaReduction).toFixed(0)} %`} below the cord 10 to 30 mm away.`,
    ofSlice: (section: {
      slice: number;
      areaMm2: number;
      apDiameterMm: number;
      transverseDiameterMm: number;
      compressionRatio: number;
      from: 'contour' | 'voxels';
    }) =>
      `Slice ${String(section.slice + 1)}: area ${section.areaMm2.toFixed(0)} mm², ${section.apDiameterMm.toFixed(1)} x ${section.transverseDiameterMm.toFixed(1)} mm front-back x left-right, ratio ${section.compressionRatio.toFixed(2)} (from ${section.from === 'contour' ? 'the contour' : 'its voxels'}).`,
    method:
      'Across the cord, corrected for its angle to the slice; diameters of the ellipse with the same second moments.',
  },
} as const;
