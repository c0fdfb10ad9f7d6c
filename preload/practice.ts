// The practice page's three verbs, and nothing else of the outside.
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, channels, type PracticeBridge } from '../contract/bridge.ts';
import type { PracticeSnapshot } from '../contract/practice.ts';

const bridge: PracticeBridge = {
  hello: () => ipcRenderer.invoke(channels.practice.hello),
  say: (saying) => ipcRenderer.invoke(channels.practice.say, saying),
  onShow: (listener) => {
    // The event carries a way to answer; the page gets the picture alone.
    const pass = (_event: unknown, picture: PracticeSnapshot) => listener(picture);
    ipcRenderer.on(channels.practice.show, pass);
    return () => ipcRenderer.off(channels.practice.show, pass);
  },
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
