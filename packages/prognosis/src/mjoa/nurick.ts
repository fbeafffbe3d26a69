/** Nurick grade (Brain 1972;95:87), paraphrased. Goes with mJOA (r 0.85) but disagrees at follow-up in 12 %. */
export const NURICK_GRADES = [
  { grade: 0, words: 'root signs only' },
  { grade: 1, words: 'signs of the cord, walks normally' },
  { grade: 2, words: 'slight trouble walking, works' },
  { grade: 3, words: 'trouble walking prevents full work, walks without help' },
  { grade: 4, words: 'walks only with help or a frame' },
  { grade: 5, words: 'chair or bed' },
] as const;

export type NurickGrade = (typeof NURICK_GRADES)[number]['grade'];

export function isNurickGrade(value: number): value is NurickGrade {
  return NURICK_GRADES.some(({ grade }) => grade === value);
}
