import { expose } from 'comlink';
import { InputRefused } from '@myelon/diffusion';
import { AnalysisSession } from '../session/analysis-session';
import {
  SAMPLE_GRID,
  SAMPLE_ORIGIN,
  sampleIvimVolume,
  sampleMask,
  sampleTensorVolume,
} from '../session/sample-inputs';
import { createAnalysisClient, type AnalysisClient } from './analysis-client';
import { createAnalysisService } from './analysis-service';

jest.setTimeout(60_000);

/** Client and service over a real message channel: structured cloning and transfer as between page and worker. */
let channel: MessageChannel;
let client: AnalysisClient;
beforeEach(() => {
  channel = new MessageChannel();
  expose(createAnalysisService(), channel.port1);
  client = createAnalysisClient(channel.port2);
});
afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

describe('the analysis in a worker', () => {
  test('gives the same record as the session in the page', async () => {
    await client.addVolume('dti', sampleTensorVolume(), SAMPLE_ORIGIN);
    await client.addVolume('ivim', sampleIvimVolume(), SAMPLE_ORIGIN);
    await client.setMask(sampleMask());
    const { tensor, ivim } = await client.chooseInputs();
    const fit = await client.fit({ tensorKey: tensor.key, ivimKey: ivim.key });
    const record = await client.analyse({ compressionSlices: [1] });

    const session = new AnalysisSession();
    session.addVolume('dti', sampleTensorVolume(), SAMPLE_ORIGIN);
    session.addVolume('ivim', sampleIvimVolume(), SAMPLE_ORIGIN);
    session.setMask(sampleMask());
    const direct = await session.fit({ tensorKey: 'dti', ivimKey: 'ivim' });
    const { id, createdAt, ...expected } = session.analyse({ compressionSlices: [1] });
    expect({ ...record, id, createdAt }).toEqual({ ...expected, id, createdAt });
    expect(fit.maps.map(({ quantity }) => quantity)).toEqual(direct.maps.map(({ quantity }) => quantity));
    expect(fit.maps[0]?.values).toEqual(direct.maps[0]?.values);
    expect(fit.principalDirections).toEqual(direct.principalDirections);
  });

  test('takes the signal over instead of copying it', async () => {
    const volume = sampleTensorVolume();
    await client.addVolume('dti', volume, SAMPLE_ORIGIN);
    expect(volume.signal.byteLength).toBe(0);
    const { image, grid } = await client.meanDiffusionImage('dti');
    expect(grid).toEqual(SAMPLE_GRID);
    expect(image).toHaveLength(14 * 14 * 3);
    expect(image[0]).toBeGreaterThan(0);
  });

  test('refusals arrive as refusals, with what, where and what to do', async () => {
    const call = client.fit({ tensorKey: 'nothing', ivimKey: null });
    await expect(call).rejects.toBeInstanceOf(InputRefused);
    await expect(call).rejects.toMatchObject({
      what: 'no series "nothing"',
      whatToDo: 'load the series first',
    });
  });

  test('progress arrives and a cancelled fit rejects at once; the next call is served', async () => {
    await client.addVolume('ivim', sampleIvimVolume(), SAMPLE_ORIGIN);
    await client.setMask(sampleMask());
    const stop = new AbortController();
    const started = performance.now();
    const fit = client.fit({ tensorKey: null, ivimKey: 'ivim' }, { signal: stop.signal });
    stop.abort(new DOMException('the reader pressed cancel', 'AbortError'));
    await expect(fit).rejects.toThrow('the reader pressed cancel');
    expect(performance.now() - started).toBeLessThan(100);
    await expect(client.analyse({ compressionSlices: [] })).rejects.toThrow(/fit the maps first/);
    const progress: number[] = [];
    await client.fit(
      { tensorKey: null, ivimKey: 'ivim' },
      { onProgress: (fraction) => progress.push(fraction) },
    );
    expect(progress.at(-1)).toBe(1);
  });

  test('calls under way when the worker ends reject', async () => {
    await client.addVolume('ivim', sampleIvimVolume(), SAMPLE_ORIGIN);
    const fit = client.fit({ tensorKey: null, ivimKey: 'ivim' });
    client.terminate();
    await expect(fit).rejects.toThrow(/has ended/);
  });
});
