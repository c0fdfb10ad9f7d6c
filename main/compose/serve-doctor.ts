// Everything behind the doctor's page: its ports, and the conductor that looks and shows.
import path from 'node:path';
import { startDoctorConductor } from '../conductor/doctor/doctor-conductor.ts';
import { examine } from '../doctor/examine.ts';
import { gather } from '../doctor/gather.ts';
import type { SettingsStanding } from '../ports/settings.ts';
import { ownKeyHost } from './key-host.ts';
import { openDoctor } from './open-doctor.ts';
import type { ServeDeskOptions, ServedDesk } from './serve-desk.ts';

/** The shell's doctor door is open when this returns. */
export function serveDoctor(
  { parts, clock, shell, http, proxyFor, firstPicture, twin }: ServeDeskOptions,
  standing: SettingsStanding,
): ServedDesk {
  const { world, settings, dataFolder } = parts;
  const doctor = openDoctor({
    world,
    settings,
    standing,
    clock,
    dataFolder,
    http,
    proxyFor,
    twin,
    startHost: ownKeyHost(parts),
    firstPicture,
  });
  const conductor = startDoctorConductor({
    world,
    contact: settings.contact,
    // A person is named in the terminal only: no name is typed where a page could keep it.
    look: async (signal) => examine(await gather(doctor.ports, null, signal)),
    // What draws it is loaded when it is wanted.
    print: async (report, language) => {
      const { drawDoctorPage } = await import('./draw-doctor-page.ts');
      return shell.sheets.print(await drawDoctorPage(report, language, path.join(parts.buildFolder, 'renderer')));
    },
    onBug: parts.onBug,
  });
  shell.doctorDoor.open({ hello: () => conductor.hello(), say: (said) => conductor.say(said) });
  conductor.onShow((picture) => shell.doctorDoor.show(picture));
  return {
    async close() {
      conductor.stop();
      await doctor.close();
    },
  };
}
