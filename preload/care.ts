// The key care page's three verbs, and nothing else of the outside.
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, channels, type CareBridge } from '../contract/bridge.ts';
import type { CareSnapshot } from '../contract/care.ts';

const bridge: CareBridge = {
  hello: () => ipcRenderer.invoke(channels.care.hello),
  say: (saying) => ipcRenderer.invoke(channels.care.say, saying),
  onShow: (listener) => {
    // The event carries a way to answer; the page gets the picture alone.
    const pass = (_event: unknown, picture: CareSnapshot) => listener(picture);
    ipcRenderer.on(channels.care.show, pass);
    return () => ipcRenderer.off(channels.care.show, pass);
  },
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
