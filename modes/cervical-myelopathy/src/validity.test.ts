import { isValidMode } from './validity';

describe('studies the mode is offered for', () => {
  it.each([
    ['MR', true],
    ['MR\\SR\\SEG', true],
    ['CT', false],
    ['', false],
    ['MR\\SM', false],
  ])('modalities %j: %s', (modalities, valid) => {
    expect(isValidMode({ modalities }).valid).toBe(valid);
  });
});
