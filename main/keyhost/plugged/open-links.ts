// The two sources of links: what is plugged into this machine, and the training tray. One process serves one of them.
import type { KeyHostStart } from '../life-protocol.ts';
import { LinkNotOpened } from './link-source.ts';
import { nodeSurroundings } from '../node-surroundings.ts';
import type { OpenedLinks } from '../serve-key-host.ts';

/** Loads what the start asks for and nothing of the other: training must not need the native HID library. */
export async function openLinks({ links }: KeyHostStart): Promise<OpenedLinks> {
  switch (links) {
    case 'hid': {
      const { hidLinkSource } = await import('../../adapters/key-hid/hid-link-source.ts');
      return {
        links: hidLinkSource({
          clock: nodeSurroundings.clock,
          notOpened: (obstacle, options) => new LinkNotOpened(obstacle, options),
        }),
      };
    }
    case 'virtual': {
      const { Tray } = await import('../tray/tray.ts');
      const tray = await Tray.layOut(nodeSurroundings);
      return { links: tray.links, serveTray: (port) => tray.serve(port) };
    }
    default:
      return links satisfies never;
  }
}
