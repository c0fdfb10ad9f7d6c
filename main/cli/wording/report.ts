// Puts steps, events and the end of a command on the terminal: sentences, or with --json one document on standard output and
// one line for each step on standard error.
import type { KeyEvent } from '../actions/watch-keys.ts';
import { exitCodeOf, type CommandEnd } from '../command-end.ts';
import type { KeyStep } from '../key-step.ts';
import { endDocument, eventLine, stepLine } from './render-json.ts';
import { endText, eventText, resultText } from './render-text.ts';
import type { Terminal } from '../terminal.ts';
import { stepWords } from './words.ts';

export interface Report {
  onStep(step: KeyStep): void;
  onEvent(event: KeyEvent): void;
  /** The exit code. */
  onEnd(end: CommandEnd): number;
}

export function reportTo(terminal: Terminal, { json }: { readonly json: boolean }): Report {
  let last = '';
  return {
    onStep(step) {
      const line = stepLine(step);
      // A key says many times a second that it is at work.
      if (line === last && step.step !== 'sample') return;
      last = line;
      if (json) terminal.tell(line);
      else if (step.step !== 'wait') terminal.tell(`· ${stepWords(step)}`);
    },
    onEvent: (event) => terminal.print(json ? eventLine(event) : eventText(event)),
    onEnd(end) {
      if (json) terminal.print(endDocument(end));
      else if (end.end === 'done') terminal.print(resultText(end.result));
      else terminal.tell(endText(end));
      return exitCodeOf(end);
    },
  };
}
