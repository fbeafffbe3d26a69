import dcmjs from 'dcmjs';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { Tag } from '../dataset/tags';
import { isDiffusionInstance, isDiffusionNaturalized } from './diffusion-instance';
import { groupSeries } from './group-series';
import { classicHeader, classicSeries, element, enhancedSeries } from './sample-series';

const plain = { [Tag.ImageType]: element('CS', 'ORIGINAL', 'PRIMARY', 'M', 'SE') };
const siemens = { '00190010': element('LO', 'SIEMENS MR HEADER'), '0019100C': element('IS', 800) };
const philips = (b: number) => ({
  [Tag.Manufacturer]: element('LO', 'Philips'),
  '20010010': element('LO', 'Philips Imaging DD 001'),
  '20011003': element('FL', b),
});
const classOf = (uid: string) => ({ [Tag.SOPClassUID]: element('UI', uid) });
const typed = (...values: string[]) => ({ [Tag.ImageType]: element('CS', ...values) });
const at = (more: DicomJsonDataset, b?: number) =>
  classicHeader({ instance: 1, z: 0, ...(b === undefined ? {} : { b }), more: { ...more } });

const CASES: readonly (readonly [string, DicomJsonDataset, boolean])[] = [
  ['standard b-value', at(plain, 800), true],
  ['Image Type DIFFUSION', at({}), true],
  ['enhanced object', enhancedSeries(), true],
  ['Siemens b-value', at({ ...plain, ...siemens }), true],
  ['Philips b-value', at({ ...plain, ...philips(800) }), true],
  [
    'Philips b0 of a diffusion technique',
    at({ ...plain, ...philips(0), '20011020': element('LO', 'DwiSE') }),
    true,
  ],
  ['b0 by its sequence name', at({ ...plain, [Tag.SequenceName]: element('SH', '*ep_b0') }), true],
  ['T2', at(plain), false],
  ['Philips T2, which carries b 0', at({ ...plain, ...philips(0) }, 0), false],
  ['ADC map', at(typed('DERIVED', 'PRIMARY', 'DIFFUSION', 'ADC'), 800), false],
  ['trace image', at(typed('DERIVED', 'PRIMARY', 'DIFFUSION', 'TRACEW'), 800), false],
  ['FA map', at(typed('DERIVED', 'PRIMARY', 'DIFFUSION', 'FA'), 800), false],
  ['segmentation', at(classOf('1.2.840.10008.5.1.4.1.1.66.4'), 800), false],
  ['CT', at(classOf('1.2.840.10008.5.1.4.1.1.2'), 800), false],
  ['empty', {}, false],
];

describe('which images are diffusion images', () => {
  test.each(CASES)('%s', (_, dataset, expected) => {
    expect(isDiffusionInstance(dataset)).toBe(expected);
  });

  test.each(CASES)('%s, as dcmjs hands it to the viewer', (_, dataset, expected) => {
    const naturalized = dcmjs.data.DicomMetaDictionary.naturalizeDataset(structuredClone(dataset));
    expect(isDiffusionNaturalized(naturalized)).toBe(expected);
  });
});

describe('sorting headers into series', () => {
  test('by Series Instance UID, in the order of series numbers', () => {
    const t2 = classicHeader({
      instance: 50,
      z: 0,
      more: {
        ...plain,
        [Tag.SeriesInstanceUID]: element('UI', '1.2.3.9'),
        [Tag.SeriesNumber]: element('IS', 2),
        [Tag.SeriesDescription]: element('LO', 'T2 sag'),
      },
    });
    const groups = groupSeries([...classicSeries(), t2]);
    expect(groups.map(({ name, isDiffusion, datasets }) => [name, isDiffusion, datasets.length])).toEqual([
      ['series 2 "T2 sag"', false, 1],
      ['series 7 "DTI"', true, 12],
    ]);
  });

  test('nothing gives nothing', () => {
    expect(groupSeries([])).toEqual([]);
  });
});
