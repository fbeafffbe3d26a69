import { writeTarget } from './web-roots';

describe('where results may be written', () => {
  it('is only what the site configuration names', () => {
    expect(writeTarget({ wadoRoot: '/dicom-web/pacs' })).toBeNull();
    expect(writeTarget({ wadoRoot: '/dicom-web/pacs', writeTo: null })).toBeNull();
    expect(writeTarget({ writeTo: { name: 'results', wadoRoot: '/dicom-web/results' } })).toEqual({
      name: 'results',
      url: '/dicom-web/results',
    });
    expect(writeTarget({ writeTo: '/dicom-web/results' })?.url).toBe('/dicom-web/results');
  });
});
