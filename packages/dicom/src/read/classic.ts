import { InputRefused } from '@myelon/diffusion';
import { number, string } from '../dataset/access';
import type { DicomJsonDataset } from '../dataset/dicom-json';
import { pixelFormat } from '../dataset/pixel-format';
import { Tag } from '../dataset/tags';
import { acquisitionOrder } from './acquisition-order';
import type { DiffusionFrame } from './diffusion-frame';
import { readGradient } from './gradients/gradient-readers';
import { imageName } from './image-name';
import { imageOrientation, imagePosition, pixelSpacing } from './image-plane';
import { philipsVolumeKey } from './philips-volume-key';
import { rescale } from './scaling';

/**
 * The slice that a classic MR image holds.
 * @throws InputRefused when the header lacks what places the image or its pixels
 */
export function classicFrame(dataset: DicomJsonDataset): DiffusionFrame {
  const name = imageName(dataset);
  const from = [dataset];
  const orientation = imageOrientation(from, name);
  const [rowSpacingMm, columnSpacingMm] = pixelSpacing(from, name);
  const format = pixelFormat(dataset, name);
  if (format.frames !== 1)
    throw new InputRefused(
      `${String(format.frames)} frames in an image without functional groups`,
      name,
      'send the series again as enhanced or single-frame MR',
    );
  const ids = instanceIds(dataset, name);
  const scannerKey = philipsVolumeKey(dataset);
  return {
    ...ids,
    ...rescale(dataset, dataset),
    frame: 1,
    pixelFormat: format,
    tile: { column: 0, row: 0 },
    columns: format.columns,
    rows: format.rows,
    plane: { ...orientation, position: imagePosition(from, name), rowSpacingMm, columnSpacingMm },
    frameOfReferenceUID: string(dataset, Tag.FrameOfReferenceUID),
    gradient: readGradient(dataset, orientation),
    volumeKey: scannerKey && [ids.seriesInstanceUID, ...scannerKey],
    order: acquisitionOrder(dataset),
    sliceSpacingMm: number(dataset, Tag.SpacingBetweenSlices) ?? number(dataset, Tag.SliceThickness),
    echoTimeMs: number(dataset, Tag.EchoTime),
    repetitionTimeMs: number(dataset, Tag.RepetitionTime),
    name,
  };
}

/** @throws InputRefused when the instance or its series has no UID */
export function instanceIds(
  dataset: DicomJsonDataset,
  name: string,
): { sopInstanceUID: string; seriesInstanceUID: string } {
  const sopInstanceUID = string(dataset, Tag.SOPInstanceUID);
  const seriesInstanceUID = string(dataset, Tag.SeriesInstanceUID);
  if (sopInstanceUID === undefined || seriesInstanceUID === undefined)
    throw new InputRefused(
      'SOP Instance UID or Series Instance UID is missing',
      name,
      'the header is damaged: fetch it again',
    );
  return { sopInstanceUID, seriesInstanceUID };
}
