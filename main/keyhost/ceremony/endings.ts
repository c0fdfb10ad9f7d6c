// Why a ceremony is stopped from this side. Each is an abort reason, so that whatever was under way rejects with it.

/** The asking side no longer wants the answer. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('the ceremony was cancelled');
  }
}

/** The time the asking side gave has run out. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  constructor() {
    super('the ceremony ran into its deadline');
  }
}

/** The key was taken out. */
export class KeyGone extends Error {
  override readonly name = 'KeyGone';
  constructor() {
    super('the key was taken out');
  }
}
