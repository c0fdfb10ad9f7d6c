// The two sources of links: what is plugged into this machine, and the training tray. One process serves one of them.
import type { KeyHostStart } from './life-protocol.ts';
import { nodeSurroundings } from './node-surroundings.ts';
import type { OpenedLinks } from './serve-key-host.ts';

/** Loads what the start asks for and nothing of the other: training must not need the native HID library. */
export async function openLinks({ links }: KeyHostStart): Promise<OpenedLinks> {
  switch (links) {
    case 'hid':
      throw new Error('this build has no source of HID links');
    case 'virtual': {
      const { Tray } = await import('./tray.ts');
      const tray = await Tray.layOut(nodeSurroundings);
      return { links: tray.links, serveTray: (port) => tray.serve(port) };
    }
    default:
      return links satisfies never;
  }
}
