// The doctor's page's three verbs, and nothing else of the outside.
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, channels, type DoctorBridge } from '../contract/bridge.ts';
import type { DoctorSnapshot } from '../contract/doctor-page.ts';

const bridge: DoctorBridge = {
  hello: () => ipcRenderer.invoke(channels.doctor.hello),
  say: (saying) => ipcRenderer.invoke(channels.doctor.say, saying),
  onShow: (listener) => {
    // The event carries a way to answer; the page gets the picture alone.
    const pass = (_event: unknown, picture: DoctorSnapshot) => listener(picture);
    ipcRenderer.on(channels.doctor.show, pass);
    return () => ipcRenderer.off(channels.doctor.show, pass);
  },
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
