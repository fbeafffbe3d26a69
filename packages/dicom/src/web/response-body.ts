import type { DicomJsonDataset } from '../dataset/dicom-json';

/** A whole body as bytes. */
export async function wholeBody(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

/** A body piece by piece, as it arrives. */
export async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Undefined when the text is no JSON. */
export function parsedDataset(text: string): DicomJsonDataset | undefined {
  try {
    return JSON.parse(text) as DicomJsonDataset;
  } catch {
    return undefined;
  }
}

/** The data set of an answer to STOW-RS, which some servers wrap in a list; undefined when it is none. */
export function parsedAnswer(body: Uint8Array): DicomJsonDataset | undefined {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return typeof first === 'object' && first !== null ? (first as DicomJsonDataset) : undefined;
  } catch {
    return undefined;
  }
}
