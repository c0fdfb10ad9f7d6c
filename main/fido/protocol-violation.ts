/**
 * The key said something the specification does not allow. The message names the place, never the content.
 * `cause` holds the codec's own error, when there was one.
 */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
  /** Where in the conversation, such as `CTAPHID INIT` or `makeCredential answer`. */
  readonly place: string;
  constructor(place: string, problem: string, options?: ErrorOptions) {
    super(`${place}: ${problem}`, options);
    this.place = place;
  }
}
