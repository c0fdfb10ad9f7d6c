// The preferences of every page, written out: a page of the desk and Microsoft's page differ in nothing that loosens them.
// Never built from settings: Electron once took process switches out of unknown members (CVE-2026-34769).
import type { Session, WebPreferences } from 'electron';

// File pickers open a native box before any permission is asked; the others reach for devices or windows.
const noDevicesOrFiles = 'FileSystemAccess,FileSystemAccessLocal,DocumentPictureInPictureAPI,WebUSB,WebHID,Serial,WebBluetooth';
// Takes `PublicKeyCredential` away, so that a page's own feature test does not offer passkeys where they can't work.
const noPasskeys = 'WebAuth';

/**
 * @param preload null: a page that only stands there. No script of its own runs either
 * @param told what the preload finds at the end of its own command line: written by the desk, host names at most
 */
export function viewPreferences(session: Session, preload: string | null, told: readonly string[] = []): WebPreferences {
  return {
    session,
    ...(preload === null ? { javascript: false } : { preload }),
    additionalArguments: [...told],
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    disableBlinkFeatures: `${noDevicesOrFiles},${noPasskeys}`,
    webviewTag: false,
    plugins: false,
    devTools: false,
    spellcheck: false,
    safeDialogs: true,
    disableDialogs: true,
    navigateOnDragDrop: false,
    enableWebSQL: false,
    // The window is the only one there is; a covered page must not fall behind.
    backgroundThrottling: false,
  };
}
