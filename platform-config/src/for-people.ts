/** A failure whose message is written for the person who started the program: shown without a stack. */
export class ForPeople extends Error {
  readonly isForPeople = true;
}
