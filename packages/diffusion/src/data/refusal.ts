/**
 * Input that cannot be used. Every refusal says what is wrong, where, and what to do about it, in words for the
 * person who has to act; a program shows `message` as it stands.
 */
export class InputRefused extends Error {
  override readonly name = 'InputRefused';

  /**
   * @param what what is wrong ("no volume with b below 50 s/mm2")
   * @param where the thing that is wrong ("series 7, DTI 30 directions", "dwi.bval")
   * @param whatToDo how to go on ("choose the series that holds the b0 volumes")
   */
  constructor(
    readonly what: string,
    readonly where: string,
    readonly whatToDo: string,
  ) {
    super(`${where}: ${what}; ${whatToDo}`);
  }
}
