// The key host of the registration bench: the real one, in a process of its own, on virtual keys that touch themselves. On the
// channel of the training tray it tells how long each key took for each command, and plugs in a fresh key when asked.
import { machineTrustSources } from '../../main/keyhost/trust/kept-metadata.ts';
import { nodeSurroundings } from '../../main/keyhost/node-surroundings.ts';
import { processPipe } from '../../main/keyhost/process-pipe.ts';
import { serveKeyHost } from '../../main/keyhost/serve-key-host.ts';
import { trainingAttestation } from '../../main/simulator/key/training-attestation.ts';
import { TRAINING_KEYS } from '../../main/simulator/key/training-keys.ts';
import { createVirtualKey, type VirtualKey } from '../../main/simulator/key/virtual-key.ts';
import { VirtualUsb } from '../../main/simulator/key/virtual-usb.ts';

const attestation = await trainingAttestation(nodeSurroundings);
const usb = new VirtualUsb(nodeSurroundings.clock);
let plugged: VirtualKey | null = null;

const parent = processPipe();
parent.onParentGone(() => process.exit(0));
await serveKeyHost({
  pipe: parent.pipe,
  surroundings: nodeSurroundings,
  trustSources: machineTrustSources,
  openLinks: () =>
    Promise.resolve({
      links: usb,
      serveTray: (port) => {
        port.onMessage(() => void plugFresh((event) => port.post(event)));
      },
    }),
});

async function plugFresh(tell: (event: unknown) => void): Promise<void> {
  if (plugged) usb.unplug(plugged);
  const { model, memory } = TRAINING_KEYS.modern;
  plugged = await createVirtualKey(model, nodeSurroundings, { attestation, memory });
  plugged.autoTouch(0);
  plugged.onEvent((event) => {
    if (event.kind === 'answered') tell({ tookMs: event.tookMs, touchWaitMs: event.touchWaitMs });
  });
  usb.plug(plugged);
}
