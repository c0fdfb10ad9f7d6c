// The kiosk page's three verbs, and nothing else of the outside.
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, channels, type KioskBridge } from '../contract/bridge.ts';
import type { Snapshot } from '../contract/snapshot.ts';

const bridge: KioskBridge = {
  hello: () => ipcRenderer.invoke(channels.kiosk.hello),
  say: (said) => ipcRenderer.invoke(channels.kiosk.say, said),
  onShow: (listener) => {
    // The event carries a way to answer; the page gets the picture alone.
    const pass = (_event: unknown, picture: Snapshot) => listener(picture);
    ipcRenderer.on(channels.kiosk.show, pass);
    return () => ipcRenderer.off(channels.kiosk.show, pass);
  },
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
