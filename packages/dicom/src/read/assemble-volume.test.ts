import { InputRefused } from '@myelon/diffusion';
import { Tag } from '../dataset/tags';
import { assembleVolume, type FrameRequest, type PixelSource } from './assemble-volume';
import { readDiffusionSeries } from './diffusion-series';
import { classicSeries, element } from './sample-series';

const scale = { [Tag.RescaleSlope]: element('DS', 2), [Tag.RescaleIntercept]: element('DS', -1) };
const series = readDiffusionSeries(classicSeries(undefined, 3, scale));

/** Pixel values that name their image: 10 x instance number + pixel. */
function pixelsOfInstance({ sopInstanceUID }: FrameRequest): Uint16Array {
  const instance = Number(sopInstanceUID.split('.').at(-1));
  return Uint16Array.of(0, 1, 2, 3).map((pixel) => 10 * instance + pixel);
}

const inOrder: PixelSource = (requests, onFrame) => {
  for (const request of requests) onFrame(request, pixelsOfInstance(request));
  return Promise.resolve();
};
const backwards: PixelSource = (requests, onFrame, signal) =>
  inOrder([...requests].reverse(), onFrame, signal);

describe('assembling a volume', () => {
  test('puts every frame in its place, whatever the order of arrival', async () => {
    const stored = await assembleVolume(series, backwards, { scaled: false });
    expect(stored.signal).toEqual((await assembleVolume(series, inOrder, { scaled: false })).signal);
    // Volume 2, slice 3 is instance 6.
    expect([...stored.signal.subarray(5 * 4, 6 * 4)]).toEqual([60, 61, 62, 63]);
    expect(stored.sources[5]).toEqual({ sopInstanceUID: '1.2.3.4.6', frame: 1 });
  });

  test('scaled is slope x stored + intercept', async () => {
    const { signal } = await assembleVolume(series, inOrder, { scaled: true });
    expect([...signal.subarray(0, 4)]).toEqual([19, 21, 23, 25]);
  });

  test('says how far it is, up to 1', async () => {
    const seen: number[] = [];
    await assembleVolume(series, inOrder, { scaled: true, onProgress: (part) => seen.push(part) });
    expect(seen).toHaveLength(12);
    expect(seen.at(-1)).toBe(1);
    expect([...seen].sort((p, q) => p - q)).toEqual(seen);
  });

  test('stops when told to, with the reason given', async () => {
    const control = new AbortController();
    const stopping: PixelSource = (requests, onFrame, signal) => {
      control.abort(new Error('closed by the reader'));
      return inOrder(requests, onFrame, signal);
    };
    const options = { scaled: true, signal: control.signal };
    await expect(assembleVolume(series, stopping, options)).rejects.toThrow('closed by the reader');
    await expect(assembleVolume(series, inOrder, options)).rejects.toThrow('closed by the reader');
  });

  test('refuses when frames are missing or of another size', async () => {
    const lossy: PixelSource = (requests, onFrame, signal) => inOrder(requests.slice(2), onFrame, signal);
    await expect(assembleVolume(series, lossy, { scaled: true })).rejects.toThrow(
      /2 of 12 images did not arrive/,
    );
    const small: PixelSource = (requests, onFrame) => {
      for (const request of requests) onFrame(request, Uint8Array.of(1));
      return Promise.resolve();
    };
    await expect(assembleVolume(series, small, { scaled: true })).rejects.toThrow(InputRefused);
  });

  test('a source that fails is not swallowed', async () => {
    const failing: PixelSource = () => Promise.reject(new Error('server away'));
    await expect(assembleVolume(series, failing, { scaled: true })).rejects.toThrow('server away');
  });
});
