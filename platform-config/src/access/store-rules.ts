import type { Person } from './person';
import type { StoredObject } from './stored-object';

/**
 * Why this person may not store these objects; null when they may. A verified report needs the role `sign`, and
 * names the person logged in as its verifying observer: nobody signs for somebody else.
 */
export function storeRefusal(person: Person, objects: readonly StoredObject[]): string | null {
  if (!person.roles.has('draft')) return 'Your login may read here, not store: it has no role that drafts.';
  const verified = objects.filter((object) => object.isVerified);
  if (verified.length === 0) return null;
  if (!person.roles.has('sign')) {
    return 'Your login may store drafts here, not verified reports: it has no role that signs.';
  }
  for (const { verifyingObservers } of verified) {
    if (verifyingObservers.some((name) => isSamePerson(name, person.name))) continue;
    const named = verifyingObservers.join(', ') || 'nobody';
    return `The report names ${named} as its verifying observer, and you are logged in as ${person.name}.`;
  }
  return null;
}

/** A DICOM Person Name (`Family^Given`) and a name from a login (`Given Family`): the same words in any order. */
function isSamePerson(dicomName: string, loginName: string): boolean {
  const words = (name: string) =>
    name
      .normalize('NFC')
      .toLocaleLowerCase('en')
      .split(/[\s^,]+/)
      .filter((word) => word !== '')
      .sort()
      .join(' ');
  return words(dicomName) !== '' && words(dicomName) === words(loginName);
}
