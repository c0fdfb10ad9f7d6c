// The control port of the training tray: what the practice desk does with its virtual keys, and what it sees of them.
// It exists only in a host that was started with virtual links; with real keys nobody answers here.
import { z } from 'zod';
import { practiceKeyKinds, practiceTouches, type PracticeKey } from '../../../contract/practice.ts';

const keyId = z.string().min(1).max(40);
const id = z.number().int().min(1);

export const trayRequestSchema = z.discriminatedUnion('verb', [
  /** Tells the keys and the attestation roots, and every change of the keys from then on. */
  z.strictObject({ verb: z.literal('open'), id }),
  z.strictObject({ verb: z.literal('plugIn'), id, keyId }),
  z.strictObject({ verb: z.literal('takeOut'), id, keyId }),
  z.strictObject({ verb: z.literal('touch'), id, keyId, how: z.enum(practiceTouches) }),
  z.strictObject({ verb: z.literal('renew'), id, keyId }),
]);
export type TrayRequest = z.infer<typeof trayRequestSchema>;
/** What a hand does, without the number that its answer cites. */
export type TrayDeed = Unnumbered<Exclude<TrayRequest, { verb: 'open' }>>;
type Unnumbered<Request> = Request extends unknown ? Omit<Request, 'id'> : never;

const practiceKeySchema = z.strictObject({
  id: keyId,
  name: z.string().max(120),
  plug: z.enum(['usb-a', 'usb-c', 'unknown']),
  kind: z.enum(practiceKeyKinds),
  state: z.enum(['inTray', 'plugged', 'blinking']),
  startingPin: z.string().max(63).nullable(),
  touches: z.array(z.enum(practiceTouches)).max(practiceTouches.length),
}) satisfies z.ZodType<PracticeKey>;

export const trayMessageSchema = z.discriminatedUnion('type', [
  /** Always the whole tray. */
  z.strictObject({ type: z.literal('keys'), keys: z.array(practiceKeySchema).max(32) }),
  /** DER certificates; a twin that trusts them accepts the attestation of every key in the tray. */
  z.strictObject({ type: z.literal('roots'), roots: z.array(z.instanceof(Uint8Array)).max(8) }),
  /** `taken: false`: no such key, or not possible in its present state. */
  z.strictObject({ type: z.literal('answer'), id, taken: z.boolean() }),
]);
export type TrayMessage = z.infer<typeof trayMessageSchema>;
