/** What went wrong with a DICOMweb request, for a program to decide on. */
export type DicomWebProblem =
  /** No answer: server down, name unknown, connection broken, timed out. */
  | 'unreachable'
  /** 401, 403. */
  | 'not-allowed'
  | 'not-found'
  /** Any other refusal by status code. */
  | 'refused'
  /** An answer that is not what was asked for. */
  | 'unintelligible';

/** A DICOMweb request that failed. `message` is for people; it names the address without its query. */
export class DicomWebError extends Error {
  override readonly name = 'DicomWebError';

  constructor(
    readonly problem: DicomWebProblem,
    what: string,
    readonly url: string,
    /** HTTP status, when there was an answer. */
    readonly status?: number,
  ) {
    super(`${withoutQuery(url)}: ${what}`);
  }
}

/** Queries can hold patient identifiers and tokens. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/u, '');
}

/** HTTP status as words. */
export function statusInWords(status: number): string {
  return STATUS_WORDS[status] ?? (status >= 500 ? 'the server failed' : 'the server refused');
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'the server did not understand the request',
  401: 'sign-in is needed or has expired',
  403: 'this account may not do that',
  404: 'not found on the server',
  406: 'the server cannot give the wanted format',
  409: 'in conflict with what the server holds',
  410: 'no longer on the server',
  411: 'the server wants to know the length',
  413: 'too large for the server',
  415: 'the server does not take this format',
  429: 'the server is asked too often',
  500: 'the server failed',
  501: 'the server cannot do that',
  502: 'the server behind the gateway failed',
  503: 'the server is not available now',
  504: 'the server behind the gateway did not answer',
  507: 'the storage of the server is full',
};

export function problemOfStatus(status: number): DicomWebProblem {
  if (status === 401 || status === 403) return 'not-allowed';
  if (status === 404 || status === 410) return 'not-found';
  return 'refused';
}
