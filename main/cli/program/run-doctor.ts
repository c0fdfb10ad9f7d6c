// `firstkey doctor` from its arguments to its exit code, the same under Node and in the package.
import type { DoctorReport } from '../../../contract/doctor.ts';
import type { Language } from '../../../contract/intent.ts';
import { systemClock } from '../../adapters/clock-system/system-clock.ts';
import { lateTwinWorld } from '../../compose/late-twin-world.ts';
import { openDoctor } from '../../compose/open-doctor.ts';
import { examine } from '../../doctor/examine.ts';
import { gather } from '../../doctor/gather.ts';
import type { Settings, SettingsStanding } from '../../ports/settings.ts';
import { dataFolderOf } from '../../shell/data-folder.ts';
import type { DoctorOptions } from '../doctor-arguments.ts';
import { doctorDocument, doctorExitCode, doctorExitCodes, doctorText, noLookDocument } from '../wording/doctor-report.ts';
import { nodeTerminal } from '../terminal/node-terminal.ts';
import { interruptions } from './interruptions.ts';
import { openPageFile, type PageFile } from './page-file.ts';
import { ownSettings } from './own-settings.ts';
import type { ProgramParts } from './program-parts.ts';
import { trainingHand } from './training-hand.ts';

/** Resolves with the exit code when everything is let go. Rejects on bugs. */
export async function runDoctorProgram(options: DoctorOptions, parts: ProgramParts): Promise<number> {
  const interrupted = interruptions();
  const terminal = nodeTerminal({
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    onInterrupt: () => interrupted.interrupt(),
  });
  const noLook = (says: string, exitCode: number): number => {
    if (options.json) terminal.print(noLookDocument(exitCode, says));
    else terminal.tell(says);
    return exitCode;
  };
  try {
    const own = ownSettings(parts);
    if (typeof own === 'string') return noLook(own, doctorExitCodes.couldNotLook);
    const { settings } = own;
    const world = options.training ? 'training' : settings.world;
    const problem = parts.runtimeProblem(world);
    if (problem !== null) return noLook(problem, doctorExitCodes.couldNotLook);
    if (world !== 'training' && options.trainingKeys.length > 0)
      return noLook('--training-key is for the training world only.', doctorExitCodes.usage);
    const file = options.page === null || options.page === '-' ? null : await openPageFile(options.page);
    if (typeof file === 'string') return noLook(file, doctorExitCodes.noPage);
    try {
      return await look({
        options,
        parts,
        settings: { ...settings, world },
        standing: own.standing,
        signal: interrupted.signal,
        terminal,
        noLook,
        file,
      });
    } finally {
      await file?.close();
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    return noLook('Interrupted.', doctorExitCodes.interrupted);
  } finally {
    terminal.close();
    interrupted.close();
  }
}

interface Look {
  readonly options: DoctorOptions;
  readonly parts: ProgramParts;
  readonly settings: Settings;
  readonly standing: SettingsStanding;
  readonly signal: AbortSignal;
  readonly terminal: ReturnType<typeof nodeTerminal>;
  readonly noLook: (says: string, exitCode: number) => number;
  readonly file: PageFile | null;
}

async function look({ options, parts, settings, standing, signal, terminal, noLook, file }: Look): Promise<number> {
  const { world } = settings;
  const clock = systemClock();
  // Nobody looks at the twin's pages here, and no key is registered.
  const twin = world === 'field' ? null : lateTwinWorld({ clock, settings, trustedAttestationRoots: [], pagesFolder: null });
  const doctor = openDoctor({
    world,
    settings,
    standing,
    clock,
    dataFolder: dataFolderOf(parts.appData()),
    http: twin?.http ?? (await parts.openHttp(settings)),
    proxyFor: null,
    twin,
    startHost: parts.startHost,
    firstPicture: Promise.resolve(),
  });
  const hand = doctor.tray && trainingHand({ tray: doctor.tray, keys: options.trainingKeys, clock });
  try {
    if (hand !== null && options.trainingKeys.length > 0) {
      await doctor.ports.keys.ready(signal);
      const unplugged = await hand.plugIn(signal);
      if (unplugged) {
        const says = `There is no training key of that kind. There are: ${unplugged.unknown.join(' ')}`;
        return noLook(says, doctorExitCodes.usage);
      }
    }
    const report = examine(await gather(doctor.ports, options.person, signal));
    const page = options.page === null ? null : await pageOf(report, options.language, parts.pagesFolder);
    if (options.page === '-') terminal.print(page ?? '');
    else terminal.print(options.json ? doctorDocument(report) : doctorText(report));
    if (file !== null && page !== null) {
      const trouble = await file.write(page);
      terminal.tell(trouble ?? 'The page is written.');
      if (trouble !== null) return doctorExitCodes.noPage;
    }
    return doctorExitCode(report);
  } finally {
    hand?.close();
    await doctor.close();
  }
}

// What draws it is loaded when it is wanted.
async function pageOf(report: DoctorReport, language: Language, pagesFolder: string): Promise<string> {
  return (await import('../../compose/draw-doctor-page.ts')).drawDoctorPage(report, language, pagesFolder);
}
