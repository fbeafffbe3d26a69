import { InputRefused } from '@myelon/diffusion';
import { checkedRecord, readAnalysisRecord, writeAnalysisRecord } from './record-json';
import { sampleRecord } from './sample-record';

describe('analysis record as JSON', () => {
  test('comes back as it was written', () => {
    expect(readAnalysisRecord(writeAnalysisRecord(sampleRecord()), 'record.json')).toEqual(sampleRecord());
  });

  test.each([
    ['text that is no JSON', '{', /record\.json: not JSON/],
    ['a record of another version', JSON.stringify({ ...sampleRecord(), version: '9.9' }), /version 9\.9/],
    ['a record that lost a part', JSON.stringify({ ...sampleRecord(), cord: undefined }), /cord/],
    ['a value that is not finite', JSON.stringify(sampleRecord()).replace('520.5', 'null'), /volumeMm3/],
    ['something else', '[]', /not a whole analysis record/],
  ])('refuses %s and says where', (_, json, message) => {
    expect(() => readAnalysisRecord(json, 'record.json')).toThrow(InputRefused);
    expect(() => readAnalysisRecord(json, 'record.json')).toThrow(message);
  });

  test('a record with a value that is not a number is never made', () => {
    const [region] = sampleRecord().regions;
    const broken = sampleRecord({ regions: [{ ...region!, volumeMm3: Number.NaN }] });
    expect(() => checkedRecord(broken)).toThrow(/schema/);
  });
});
