import type { SeriesReading } from '../../reading/reading-state';

/** Directions on a spiral over the half sphere. */
function exampleDirections(count: number): SeriesReading['directions'] {
  return Array.from({ length: count }, (_, index) => {
    const height = (index + 0.5) / count;
    const turn = index * 2.4;
    const radius = Math.sqrt(1 - height * height);
    return { bValue: 800, direction: [radius * Math.cos(turn), radius * Math.sin(turn), height] };
  });
}

export const EXAMPLE_DTI: SeriesReading = {
  key: '1.2.3.5',
  name: 'series 5 "DTI 30 directions"',
  images: 525,
  joined: false,
  tableFrom: null,
  directions: exampleDirections(30),
  table: '30 directions b 800, 5 b0',
  shells: [
    { bValue: 0, volumes: 5 },
    { bValue: 800, volumes: 30 },
  ],
  tensor: { possible: true, remarks: [] },
  ivim: { possible: false, remarks: ['2 b-values; IVIM needs at least 4 with 2 below 200 s/mm²'] },
  leftOut: [{ what: 'FA map', why: 'made by the scanner' }],
  warnings: [],
  refusal: null,
};

export const EXAMPLE_IVIM: SeriesReading = {
  key: '1.2.3.6',
  name: 'series 6 "IVIM 16 b-values"',
  images: 690,
  joined: false,
  tableFrom: null,
  directions: [],
  table: '16 b-values 0-800, 3 directions',
  shells: Array.from({ length: 16 }, (_, index) => ({ bValue: 50 * index, volumes: 3 })),
  tensor: { possible: false, remarks: ['3 directions; a tensor needs 6 that are not in one plane'] },
  ivim: { possible: true, remarks: [] },
  leftOut: [],
  warnings: [],
  refusal: null,
};
