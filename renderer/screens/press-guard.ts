/** A second press this soon is the same press: hands tremble, and screens take a moment. */
const doublePressMs = 500;

/** What one says several times in a row and means it. */
const saidInRows: ReadonlySet<string> = new Set([
  'pin.press',
  'pin.delete',
  'keyboard.press',
  'page.frame',
  'plan.device',
  'plan.passUse',
]);

export interface PressGuard {
  /** Whether the intent is a new one on this showing, and not the tail of a double press. */
  passes(visit: number, type: string, atMs: number): boolean;
}

export function createPressGuard(): PressGuard {
  let last = { visit: -1, type: '', atMs: 0 };
  return {
    passes(visit, type, atMs) {
      const again = last.visit === visit && last.type === type && atMs - last.atMs < doublePressMs;
      if (again && !saidInRows.has(type)) return false;
      last = { visit, type, atMs };
      return true;
    },
  };
}
