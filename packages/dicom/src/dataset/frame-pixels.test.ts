import { InputRefused } from '@myelon/diffusion';
import { framePixels } from './frame-pixels';
import { parsePart10 } from './part10';
import {
  ascii,
  SAMPLE_ENCODINGS,
  samplePart10,
  us,
  type SampleElement,
  type SampleEncoding,
} from './sample-part10';

interface Layout {
  readonly allocated: number;
  readonly stored: number;
  readonly high?: number;
  readonly signed?: boolean;
  readonly frames?: number;
  readonly samples?: number;
}

/** A 2 x 2 image with the given pixel bytes. */
function image(
  pixels: Uint8Array,
  layout: Layout,
  encoding: SampleEncoding = SAMPLE_ENCODINGS.explicitLittle,
) {
  const { allocated, stored, high = stored - 1, signed = false, frames = 1, samples = 1 } = layout;
  const { little } = encoding;
  const elements: SampleElement[] = [
    ['00280002', 'US', us(little, samples)],
    ['00280008', 'IS', ascii(String(frames))],
    ['00280010', 'US', us(little, 2)],
    ['00280011', 'US', us(little, 2)],
    ['00280100', 'US', us(little, allocated)],
    ['00280101', 'US', us(little, stored)],
    ['00280102', 'US', us(little, high)],
    ['00280103', 'US', us(little, signed ? 1 : 0)],
    ['7FE00010', allocated === 8 ? 'OB' : 'OW', pixels],
  ];
  return parsePart10(samplePart10(elements, encoding));
}

describe('stored values of a frame', () => {
  test.each(Object.entries(SAMPLE_ENCODINGS))('16 bit unsigned, %s', async (_, encoding) => {
    const file = image(us(encoding.little, 0, 1, 4095, 65535), { allocated: 16, stored: 16 }, encoding);
    expect([...(await framePixels(file, 1))]).toEqual([0, 1, 4095, 65535]);
  });

  test.each(Object.entries(SAMPLE_ENCODINGS))('16 bit signed, %s', async (_, encoding) => {
    const file = image(
      us(encoding.little, 0, 0xffff, 0x8000, 5),
      { allocated: 16, stored: 16, signed: true },
      encoding,
    );
    expect([...(await framePixels(file, 1))]).toEqual([0, -1, -32768, 5]);
  });

  test('12 bit: bits above are old overlays and do not count', async () => {
    const file = image(us(true, 0x1005, 0xf800, 0x0fff, 1), { allocated: 16, stored: 12 });
    expect([...(await framePixels(file, 1))]).toEqual([5, 0x800, 0xfff, 1]);
  });

  test('12 bit signed is sign-extended', async () => {
    const file = image(us(true, 0x0fff, 0x0800, 0x07ff, 0x1001), { allocated: 16, stored: 12, signed: true });
    expect([...(await framePixels(file, 1))]).toEqual([-1, -2048, 2047, 1]);
  });

  test('bits may start above bit 0', async () => {
    const file = image(us(true, 0xabc0, 0x0010, 0x000f, 0xfff0), { allocated: 16, stored: 12, high: 15 });
    expect([...(await framePixels(file, 1))]).toEqual([0xabc, 1, 0, 0xfff]);
  });

  test('8 bit', async () => {
    const file = image(Uint8Array.of(0, 1, 200, 255), { allocated: 8, stored: 8 });
    expect([...(await framePixels(file, 1))]).toEqual([0, 1, 200, 255]);
  });

  test('frames follow one another', async () => {
    const file = image(us(true, 1, 2, 3, 4, 5, 6, 7, 8), { allocated: 16, stored: 16, frames: 2 });
    expect([...(await framePixels(file, 2))]).toEqual([5, 6, 7, 8]);
  });
});

describe('pixels that cannot be read are refused with the reason', () => {
  const four = us(true, 1, 2, 3, 4);
  const plain = { allocated: 16, stored: 16 };
  test.each([
    ['too few bytes', image(us(true, 1, 2), plain), 1, /4 bytes of pixels where a frame has 8/],
    ['a frame that is not there', image(four, plain), 2, /frame 2 of 1/],
    ['frame 0', image(four, plain), 0, /frame 0 of 1/],
    ['colour', image(four, { ...plain, samples: 3 }), 1, /colour/],
    ['32 bit', image(four, { allocated: 32, stored: 32 }), 1, /Bits Allocated is 32/],
    ['bits that do not fit', image(four, { allocated: 16, stored: 17 }), 1, /Bits Stored 17/],
    ['billions of frames', image(four, { ...plain, frames: 2_000_000_000 }), 1, /Number of Frames/],
    [
      'MPEG-2, which no one uses for this',
      image(four, plain, { ...SAMPLE_ENCODINGS.explicitLittle, transferSyntax: '1.2.840.10008.1.2.4.100' }),
      1,
      /1\.2\.840\.10008\.1\.2\.4\.100/,
    ],
  ])('%s', async (_, file, frame, message) => {
    const refused = framePixels(file, frame, { name: 'x.dcm' });
    await expect(refused).rejects.toThrow(InputRefused);
    await expect(refused).rejects.toThrow(message);
  });
});
