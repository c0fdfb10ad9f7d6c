import type { KeyFace } from '../../../contract/snapshot.ts';

/** The part of a key's description that a screen may show. */
export function faceOf(description: KeyFace): KeyFace {
  return { model: description.model, plug: description.plug };
}
