/** A moment as DICOM writes it, in local time with its offset from UTC. */
export interface DicomInstant {
  /** DA, "20260131". */
  readonly date: string;
  /** TM, "235959". */
  readonly time: string;
  /** DT with offset, "20260131235959+0900". */
  readonly dateTime: string;
  /** Timezone Offset From UTC, "+0900". */
  readonly offset: string;
}

/**
 * @param moment when
 * @param offset "+0900", as the source study has it; without one, that of the machine
 */
export function dicomInstant(moment: Date, offset = machineOffset(moment)): DicomInstant {
  const local = new Date(moment.getTime() + offsetMinutes(offset) * 60_000).toISOString();
  const date = local.slice(0, 10).replace(/-/g, '');
  const time = local.slice(11, 19).replace(/:/g, '');
  return { date, time, dateTime: `${date}${time}${offset}`, offset };
}

function machineOffset(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}${twoDigits(size % 60)}`;
}

function offsetMinutes(offset: string): number {
  const size = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  return offset.startsWith('-') ? -size : size;
}
