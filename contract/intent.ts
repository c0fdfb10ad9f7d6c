// Everything a person can say to the desk. Untrusted until the door has parsed it; closed on purpose.
import { z } from 'zod';
import { limits } from './limits.ts';

export const languages = ['en', 'nl', 'ar'] as const;
export const devices = ['windows', 'mac', 'iphone', 'android'] as const;
export const passUses = ['once', 'several', 'unknown'] as const;
export const textSizes = [1, 1.5, 2] as const;

export type Language = (typeof languages)[number];
export type Device = (typeof devices)[number];
export type PassUse = (typeof passUses)[number];
export type TextSize = (typeof textSizes)[number];

const symbol = z.string().min(1).max(limits.symbolUnits);
const edge = z.number().int().min(0).max(limits.frameEdgePx);
const plain = <T extends string>(type: T) => z.strictObject({ type: z.literal(type) });

/** A page's rectangle in its own CSS pixels. */
export const frameSchema = z.strictObject({ x: edge, y: edge, width: edge, height: edge });
export type Frame = z.infer<typeof frameSchema>;

/** The same on every page of the desk that has a display panel. */
export const lookIntents = [
  z.strictObject({ type: z.literal('look.language'), language: z.enum(languages) }),
  z.strictObject({ type: z.literal('look.textSize'), textSize: z.union([z.literal(1), z.literal(1.5), z.literal(2)]) }),
  z.strictObject({ type: z.literal('look.contrast'), contrast: z.enum(['normal', 'high']) }),
  z.strictObject({ type: z.literal('look.motion'), motion: z.enum(['full', 'reduced']) }),
  z.strictObject({ type: z.literal('look.controlsLower'), controlsLower: z.boolean() }),
] as const;
export type LookIntent = z.infer<(typeof lookIntents)[number]>;

/** Presses only, on every page that asks for a PIN; the desk holds what they add up to. */
export const pinIntents = [
  z.strictObject({ type: z.literal('pin.press'), symbol }),
  plain('pin.delete'),
  plain('pin.submit'),
] as const;
export type PinIntent = z.infer<(typeof pinIntents)[number]>;

export const intentSchema = z.discriminatedUnion('type', [
  plain('start'),
  plain('continue'),
  plain('back'),
  plain('tryAgain'),
  plain('finish'),
  plain('print'),
  // Ending and keeping a stay
  plain('startAgain.ask'),
  plain('startAgain.confirm'),
  plain('idle.stillHere'),
  plain('idle.leave'),
  // Panels over the screen
  plain('help.open'),
  plain('language.open'),
  plain('display.open'),
  plain('forgotPin.open'),
  plain('keyDoesNotFit.open'),
  plain('panel.close'),
  // How the screen looks and speaks
  ...lookIntents,
  // Plan
  z.strictObject({ type: z.literal('plan.device'), device: z.enum(devices), chosen: z.boolean() }),
  z.strictObject({ type: z.literal('plan.passUse'), passUse: z.enum(passUses) }),
  // Microsoft's page
  z.strictObject({ type: z.literal('page.frame'), frame: frameSchema }),
  plain('keyboard.show'),
  plain('keyboard.hide'),
  z.strictObject({ type: z.literal('keyboard.press'), symbol }),
  // The PIN
  plain('pin.begin'),
  ...pinIntents,
  plain('pin.lastTry'),
  // Which of the accounts on a key, by its place in the list on the screen
  z.strictObject({
    type: z.literal('account.choose'),
    account: z
      .number()
      .int()
      .min(0)
      .max(limits.keyAccounts - 1),
  }),
  // Key and phone
  plain('key.addSecond'),
  plain('phone.next'),
  plain('phone.noApp'),
  plain('phone.haveApp'),
  plain('phone.inApp'),
  plain('phone.showCode'),
  plain('phone.ready'),
  plain('phone.skip'),
]);

export type Intent = z.infer<typeof intentSchema>;
export type IntentType = Intent['type'];

/** An intent together with the visit (one showing of a screen) it was said on. */
export const saidSchema = z.strictObject({ visit: z.number().int().nonnegative(), intent: intentSchema });
export type Said = z.infer<typeof saidSchema>;

/** What the desk answers at once; what came of it arrives as a snapshot. */
export type Answer =
  | { readonly taken: true }
  | { readonly taken: false; readonly because: 'unreadable' | 'olderVisit' | 'notAllowedNow' | 'tooMany' };
