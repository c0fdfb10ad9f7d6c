// The doctor's page: what a technician may say on it, and what it may know. Read-only like the doctor itself.
import { z } from 'zod';
import { lookIntents } from './intent.ts';
import type { DoctorReport } from './doctor.ts';
import type { Look, World } from './snapshot.ts';

const plain = <T extends string>(type: T) => z.strictObject({ type: z.literal(type) });

export const doctorIntentSchema = z.discriminatedUnion('type', [
  plain('lookAgain'),
  plain('print'),
  plain('help.open'),
  plain('language.open'),
  plain('display.open'),
  plain('panel.close'),
  ...lookIntents,
]);
export type DoctorIntent = z.infer<typeof doctorIntentSchema>;
export type DoctorIntentType = DoctorIntent['type'];

/** An intent together with the visit (one showing of a screen) it was said on. */
export const doctorSaidSchema = z.strictObject({ visit: z.number().int().nonnegative(), intent: doctorIntentSchema });
export type DoctorSaid = z.infer<typeof doctorSaidSchema>;

export type DoctorScreen = { readonly kind: 'looking' } | { readonly kind: 'findings'; readonly report: DoctorReport };

/** What became of a page that was given to the printer. `cancelled`: somebody called it off where the system or the printer asked. */
export const printEnds = ['printed', 'cancelled', 'noPrinter', 'refused'] as const;
export type PrintEnd = (typeof printEnds)[number];
export type DoctorPrinting = 'offered' | 'busy' | PrintEnd;

export interface DoctorSnapshot {
  readonly world: World;
  /** One showing of a screen; every intent cites it. */
  readonly visit: number;
  readonly screen: DoctorScreen;
  readonly panel: 'help' | 'language' | 'display' | null;
  /** The page for whoever keeps the tenant's policies. */
  readonly printing: DoctorPrinting;
  /** What may be said now; buttons do not re-derive rules. */
  readonly allowed: readonly DoctorIntentType[];
  readonly look: Look;
  readonly contact: string;
}
