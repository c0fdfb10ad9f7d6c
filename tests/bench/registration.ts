// A registration at full speed: our client against a virtual key on the real clock, both in this process. The key tells how
// long each command took inside it; the finger touches at once, so no waiting is in either figure.
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { CtapHidChannel } from '../../main/fido/hid/channel.ts';
import { SecurityKey } from '../../main/fido/ctap/security-key.ts';
import { hashClientData } from '../../main/fido/webauthn/client-data.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { MODERN_KEY } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';

const rounds = 15;
const rpId = 'login.microsoft.com';

/** One pair of times for each registration, milliseconds. */
export async function measure(): Promise<{ readonly wholeMs: readonly number[]; readonly keyMs: readonly number[] }> {
  const attestation = await trainingAttestation(nodeSurroundings);
  const wholeMs: number[] = [];
  const keyMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const usb = new VirtualUsb(nodeSurroundings.clock);
    const key = await createVirtualKey(MODERN_KEY, nodeSurroundings, { attestation });
    key.autoTouch(0);
    let insideMs = 0;
    key.onEvent((event) => {
      if (event.kind === 'answered') insideMs += event.tookMs;
    });
    usb.plug(key);
    const startedMs = performance.now();
    await registerOn(usb);
    wholeMs.push(performance.now() - startedMs);
    keyMs.push(insideMs);
    usb.close();
  }
  return { wholeMs, keyMs };
}

async function registerOn(usb: VirtualUsb): Promise<void> {
  const { signal } = new AbortController();
  const [plugged] = await usb.list();
  if (!plugged) throw new Error('no key is plugged in');
  const link = await usb.open(plugged.path);
  const channel = await CtapHidChannel.open(link, nodeSurroundings, { signal });
  const key = new SecurityKey(channel, nodeSurroundings.randomBytes);
  const pin = new TextEncoder().encode('836194');
  await key.describe({ signal });
  granted(await key.setPin(pin, { signal }));
  const clientDataHash = hashClientData(new TextEncoder().encode('{}'));
  granted(
    await key.makeCredential(
      {
        clientDataHash,
        rp: { id: rpId, name: 'Microsoft' },
        user: { id: Uint8Array.of(1, 2, 3), name: 'noor', displayName: 'Noor' },
        algorithms: [-7],
        excludeCredentialIds: [],
        hmacSecret: true,
        credProtect: null,
      },
      pin,
      { signal },
    ),
  );
  granted(await key.getAssertions({ rpId, clientDataHash, allowCredentialIds: [] }, pin, { signal }));
  await channel.close();
}

function granted(outcome: { readonly ok: boolean }): void {
  if (!outcome.ok) throw new Error('the virtual key refused to be measured');
}
