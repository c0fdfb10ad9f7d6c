// The desk's settings: one JSON document, read once at start. Every value has a default that works in training.
import type { SettingsPort } from '../../ports/settings.ts';

/** @throws SettingsUnreadable (by name), its message naming the file and the path inside it; null: the defaults. */
export declare function readSettings(options: { readonly path: string | null }): SettingsPort;
