// The card is drawn once: it asks for its picture and says when it stands.
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeName, channels, type CardBridge } from '../contract/bridge.ts';

const bridge: CardBridge = {
  hello: () => ipcRenderer.invoke(channels.card.hello),
  drawn: () => ipcRenderer.invoke(channels.card.drawn),
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
