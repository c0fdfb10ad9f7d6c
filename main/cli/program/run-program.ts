// `firstkey keys …` from its arguments to its exit code, the same under Node and in the package.
import { systemClock } from '../../adapters/clock-system/system-clock.ts';
import type { Secret } from '../../ports/secret.ts';
import type { Settings } from '../../ports/settings.ts';
import type { World } from '../../../contract/snapshot.ts';
import type { CareContext } from '../actions/care-context.ts';
import { PluggedKeys } from '../actions/plugged-keys.ts';
import { runCommand } from '../actions/run-command.ts';
import { usage, type CommandEnd } from '../command-end.ts';
import { exitCodes } from '../command.ts';
import type { KeyStep } from '../key-step.ts';
import type { ParsedArguments } from '../parse-arguments.ts';
import { problemDocument } from '../wording/render-json.ts';
import { reportTo, type Report } from '../wording/report.ts';
import type { Terminal } from '../terminal.ts';
import { nodeTerminal } from '../terminal/node-terminal.ts';
import { careToken } from './care-token.ts';
import { interruptions } from './interruptions.ts';
import { openKeyCare } from './open-key-care.ts';
import { ownSettings } from './own-settings.ts';
import type { ProgramParts } from './program-parts.ts';
import { trainingHand } from './training-hand.ts';

type Run = Extract<ParsedArguments, { kind: 'run' }>;

/** Resolves with the exit code when everything is let go. Rejects on bugs. */
export async function runKeysProgram(run: Run, parts: ProgramParts): Promise<number> {
  const { options } = run;
  const interrupted = interruptions();
  const terminal = nodeTerminal({
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    onInterrupt: () => interrupted.interrupt(),
  });
  const report = reportTo(terminal, options);
  const refuse = (says: string): number => {
    if (options.json) terminal.print(problemDocument(exitCodes.usage, says));
    else terminal.tell(says);
    return exitCodes.usage;
  };
  try {
    const own = ownSettings(parts);
    if (typeof own === 'string') return refuse(own);
    const { settings } = own;
    const world = options.training ? 'training' : settings.world;
    const problem = parts.runtimeProblem(world);
    if (problem !== null) return refuse(problem);
    if (world !== 'training' && options.trainingKeys.length > 0) return report.onEnd(usage('trainingKeyOutsideTraining'));
    const { signal } = interrupted;
    const token = await careToken({ world, settings }, terminal, signal);
    if (token === null) return report.onEnd(usage('noToken'));
    try {
      return report.onEnd(await withKeys({ run, parts, world, settings, terminal, token, signal, report }));
    } finally {
      token.wipe();
    }
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    return report.onEnd({ end: 'interrupted' });
  } finally {
    terminal.close();
    interrupted.close();
  }
}

interface Session {
  readonly run: Run;
  readonly parts: ProgramParts;
  readonly world: World;
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly token: Secret;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** From the start of a key host to its end. Rejects with the signal's reason when that comes before the command. */
async function withKeys({ run, parts, world, settings, terminal, token, signal, report }: Session): Promise<CommandEnd> {
  const { command, options } = run;
  const clock = systemClock();
  const care = openKeyCare({ world, settings, token, clock, startHost: parts.startHost });
  const hand = care.tray && trainingHand({ tray: care.tray, keys: options.trainingKeys, clock });
  const plugged = new PluggedKeys(care.port, clock);
  try {
    const reason = await care.ready(signal);
    if (reason !== null) return { end: 'noKey', reason };
    const unplugged = await hand?.plugIn(signal);
    if (unplugged) return usage('noSuchTrainingKey', unplugged.unknown);
    const onStep = (step: KeyStep) => {
      report.onStep(step);
      hand?.onStep(step);
    };
    const { minPinLength } = settings;
    const context: CareContext = { port: care.port, plugged, clock, terminal, options, minPinLength, signal, onStep };
    return await runCommand(command, context, (event) => report.onEvent(event));
  } finally {
    plugged.close();
    hand?.close();
    await care.close();
  }
}
