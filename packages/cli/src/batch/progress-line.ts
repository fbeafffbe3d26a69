import type { BatchCounts } from './batch-queue';

/**
 * One line about how far a batch is: counts, studies an hour, time left.
 *
 * @param doneSince studies finished within the last `seconds`, by all workers
 */
export function progressLine(counts: BatchCounts, doneSince: number, seconds: number): string {
  const { waiting, running, analysed, setAside } = counts;
  const left = waiting + running;
  const total = analysed + setAside + left;
  const parts = [`${String(analysed + setAside)} of ${String(total)} studies`];
  if (setAside > 0) parts.push(`${String(setAside)} set aside`);
  if (doneSince > 0 && seconds > 0) {
    const perHour = (doneSince / seconds) * 3600;
    parts.push(`${perHour.toFixed(perHour < 10 ? 1 : 0)} an hour`);
    if (left > 0) parts.push(`${duration((left / perHour) * 3600)} left`);
  }
  return parts.join(', ');
}

function duration(seconds: number): string {
  if (seconds < 90) return `${String(Math.ceil(seconds))} s`;
  if (seconds < 5_400) return `${String(Math.ceil(seconds / 60))} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
