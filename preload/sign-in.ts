// Microsoft's page in the sign-in view. It gets nothing of the desk: no global, no event. Where a page may add a security key,
// its own WebAuthn calls lead here, and from here to the shell as one text each; whether anything comes of it is judged there.
import { ipcRenderer, webFrame } from 'electron';
import { channels, passkeyHostsArgument } from '../contract/bridge.ts';
import { standInForKeys, type KeyDesk } from './page/stand-in-for-keys.ts';

const hosts = process.argv
  .find((argument) => argument.startsWith(passkeyHostsArgument))
  ?.slice(passkeyHostsArgument.length)
  .split(',');

const desk: KeyDesk = {
  ask: (call) => ipcRenderer.invoke(channels.page.askKey, call),
  withdraw: () => void ipcRenderer.invoke(channels.page.withdrawKey),
};

const offersPasskeys = location.protocol === 'https:' && hosts?.includes(location.hostname) === true;
// Run by the frame itself, so the page's content policy has no say in it, and before the page's own scripts. What it gives
// back is a function of the page's world; the two functions it takes are all that ever crosses.
void webFrame
  .executeJavaScript(`(${String(standInForKeys)})(${String(offersPasskeys)})`)
  .then((connect: (desk: KeyDesk) => void) => connect(desk));
