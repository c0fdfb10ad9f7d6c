// Opens the desk of one world in the order a person sees it: the window, what answers it, then what no first screen needs.
// docs/performance.md says what that order is worth.
import path from 'node:path';
import { systemClock } from '../adapters/clock-system/system-clock.ts';
import { startPulse } from '../adapters/pulse-file/pulse.ts';
import { openShell } from '../shell/open-shell.ts';
import type { Secret } from '../ports/secret.ts';
import type { Shell } from '../shell/shell.ts';
import type { DeskParts } from './desk-parts.ts';
import { lateTwinWorld } from './late-twin-world.ts';
import { openRealWorld } from './real-world.ts';
import type { ServeDeskOptions, ServedDesk } from './serve-desk.ts';

export interface Desk {
  readonly shell: Shell;
  close(): Promise<void>;
}

/** firstkey-screen.service makes the folder for the account it starts the desk under; nowhere else is it there. */
const pulseFile = '/run/firstkey/pulse';

/** Rejects only where there is no screen to say it on. */
export async function openDesk(parts: DeskParts): Promise<Desk> {
  const { world, settings } = parts;
  const clock = systemClock();
  const stopPulse = process.platform === 'linux' ? startPulse({ file: pulseFile, clock }) : () => undefined;
  const pagesFolder = path.join(parts.buildFolder, 'renderer');
  const attestationRoots: Uint8Array[] = [];
  const twin =
    world === 'field' ? null : lateTwinWorld({ clock, settings, trustedAttestationRoots: attestationRoots, pagesFolder });
  const { http, proxyFor, signIn } = twin ?? openRealWorld(settings);

  const shell = await openShell({
    world,
    face: parts.face,
    clock,
    pagesFolder,
    preloadFolder: path.join(parts.buildFolder, 'preload'),
    withPractice: world === 'training' && parts.face !== 'doctor' && parts.found.taken,
    frame: parts.frame,
    signIn,
    passkeys: {
      rpId: settings.registrationRpId,
      offeredOn: [new URL(settings.securityInfoUrl).hostname, settings.authorityHost],
      // Needed once a key has been touched, not before a first picture.
      credentialFor: async (made) => (await import('./page-credential.ts')).pageCredential(made),
    },
  });
  const firstPicture = new Promise<void>((resolve) => shell.onReady(resolve));
  shell.onReady(parts.onReady);

  // The page starts in a process of its own; what answers it is loaded here meanwhile.
  const options = { parts, clock, shell, http, proxyFor, firstPicture, twin, attestationRoots };
  const served = await serve(options);
  return {
    shell,
    close: async () => {
      await served.close();
      stopPulse();
    },
  };
}

// Loaded by face: no page waits for what only another one needs.
async function serve(options: ServeDeskOptions): Promise<ServedDesk> {
  const { face, careToken, found } = options.parts;
  if (!found.taken) return (await import('./serve-closed.ts')).serveClosed(options, found);
  if (careToken !== null) return serveCareOf(options, careToken);
  return face === 'doctor' ? (await import('./serve-doctor.ts')).serveDoctor(options, found.standing) : serveDeskOf(options);
}

async function serveDeskOf(options: ServeDeskOptions): Promise<ServedDesk> {
  const { serveDesk } = await import('./serve-desk.ts');
  return serveDesk(options);
}

async function serveCareOf(options: ServeDeskOptions, token: Secret): Promise<ServedDesk> {
  const { openCare } = await import('./open-care.ts');
  return openCare(options, token);
}
