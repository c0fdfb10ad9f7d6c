// The form of everything that may be refused outside: a value, never a throw.
import type { Reason } from '../../contract/reason.ts';

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: Reason };
