/**
 * "mJOA" is not one scale. Totals and recovery rates of different versions do not compare (PLOS ONE 2015,
 * 10.1371/journal.pone.0123022), so the version is part of the type and of every stored score.
 */
export type MjoaVersion = 'mjoa-18' | 'mjoa-17' | 'joa-17';

/** One answer of an item, in our own words. */
export interface MjoaLevel {
  readonly points: number;
  readonly words: string;
}

export interface MjoaItem {
  readonly id: string;
  readonly name: string;
  /** Ascending points from 0. */
  readonly levels: readonly MjoaLevel[];
}

export interface MjoaScale {
  readonly version: MjoaVersion;
  readonly name: string;
  readonly maximum: number;
  readonly items: readonly MjoaItem[];
  readonly source: string;
}

const levels = (...words: readonly string[]): MjoaLevel[] =>
  words.map((text, points) => ({ points, words: text }));

const SENSATION_UPPER: MjoaItem = {
  id: 'sensation-upper',
  name: 'Sensation, hands',
  levels: levels('no feeling', 'severe loss, or pain', 'slight loss', 'normal'),
};

const SPHINCTER: MjoaItem = {
  id: 'sphincter',
  name: 'Bladder',
  levels: levels('cannot pass urine', 'marked difficulty', 'mild to moderate difficulty', 'normal'),
};

const MOTOR_LOWER_7: MjoaItem = {
  id: 'motor-lower',
  name: 'Walking',
  levels: levels(
    'no movement and no feeling in the legs',
    'feels but cannot move the legs',
    'moves the legs but cannot walk',
    'walks on flat ground with an aid',
    'climbs stairs with a hand rail',
    'clearly unsteady, but no rail needed',
    'slightly unsteady, walks smoothly unaided',
    'normal',
  ),
};

/** 18 points (after Benzel and others, J Spinal Disord 1991;4:286): hands to 5, legs to 7, sensation and bladder to 3. */
const MJOA_18: MjoaScale = {
  version: 'mjoa-18',
  name: 'mJOA, 18 points',
  maximum: 18,
  items: [
    {
      id: 'motor-upper',
      name: 'Hands',
      levels: levels(
        'cannot move the hands',
        'moves them but cannot eat with a spoon',
        'eats with a spoon but cannot button a shirt',
        'buttons a shirt with great difficulty',
        'buttons a shirt with slight difficulty',
        'normal',
      ),
    },
    MOTOR_LOWER_7,
    SENSATION_UPPER,
    SPHINCTER,
  ],
  source: 'J Spinal Disord 1991;4:286',
};

/** 17 points: as above, hands only to 4. */
const MJOA_17: MjoaScale = {
  version: 'mjoa-17',
  name: 'mJOA, 17 points (hands to 4)',
  maximum: 17,
  items: [
    {
      id: 'motor-upper',
      name: 'Hands',
      levels: levels(
        'cannot eat by hand',
        'eats with a spoon only',
        'eats with cutlery, awkwardly',
        'slightly awkward',
        'normal',
      ),
    },
    MOTOR_LOWER_7,
    SENSATION_UPPER,
    SPHINCTER,
  ],
  source: '17-point tables in circulation, e.g. J Am Board Fam Med',
};

/** 17 points in six items, the Japanese Orthopaedic Association's: 4, 4, 2, 2, 2, 3. */
const JOA_17: MjoaScale = {
  version: 'joa-17',
  name: 'JOA, 17 points (six items)',
  maximum: 17,
  items: [
    {
      id: 'motor-upper',
      name: 'Hands',
      levels: levels(
        'cannot eat by hand',
        'eats with a spoon only',
        'eats with chopsticks or cutlery, awkwardly',
        'slightly awkward',
        'normal',
      ),
    },
    {
      id: 'motor-lower',
      name: 'Walking',
      levels: levels(
        'cannot walk',
        'needs an aid on flat ground',
        'needs support on stairs only',
        'walks unaided, slowly or unsteadily',
        'normal',
      ),
    },
    { id: 'sensation-upper', name: 'Sensation, arms', levels: levels('clear loss', 'slight loss', 'normal') },
    { id: 'sensation-lower', name: 'Sensation, legs', levels: levels('clear loss', 'slight loss', 'normal') },
    {
      id: 'sensation-trunk',
      name: 'Sensation, trunk',
      levels: levels('clear loss', 'slight loss', 'normal'),
    },
    SPHINCTER,
  ],
  source: 'PLOS ONE 2015, 10.1371/journal.pone.0123022',
};

export const MJOA_SCALES: Readonly<Record<MjoaVersion, MjoaScale>> = {
  'mjoa-18': MJOA_18,
  'mjoa-17': MJOA_17,
  'joa-17': JOA_17,
};

export const MJOA_VERSIONS: readonly MjoaVersion[] = ['mjoa-18', 'mjoa-17', 'joa-17'];
