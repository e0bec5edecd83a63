/** Why something that was sent does not hold. What the caller itself did wrong is a TypeError. */
export class VerificationError extends Error {
  /** @param {{ reason: string, step?: string, message: string }} refused */
  constructor({ reason, step, message }) {
    super(step ? `${message} (${step})` : message);
    this.reason = reason;
    this.step = step;
  }
}
Object.defineProperty(VerificationError.prototype, 'name', { value: 'VerificationError' });
