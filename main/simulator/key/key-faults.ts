// What can go wrong between a key and its host, as a plan a test hands to a virtual key. A fault waits for the answer it
// is meant for, spoils it, and is used up; the key itself has no branch for it.
import type { KeyFault, MalformedCbor, PlannedFault } from './key-fault-plan.ts';
import { HidCommand, REPORT_BYTES } from './hid/report-codec.ts';

/** One thing the key does while it answers. */
export type OutgoingStep =
  | { readonly kind: 'send'; readonly report: Uint8Array }
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'unplug' };

/** Which message a fault is compared with. `ctapCommand` is the first byte of a CBOR request. */
export interface FaultOccasion {
  readonly hidCommand: number;
  readonly ctapCommand: number | undefined;
  /** clientPIN and the like: value of request key 0x02 (0x01 for other commands) when it is a small number. */
  readonly subCommand: number | undefined;
}

/** Holds the faults that were planned and not yet used. */
export class FaultInjector {
  #planned: { readonly plan: PlannedFault; skipLeft: number; timesLeft: number }[] = [];

  plan(...faults: readonly PlannedFault[]): void {
    for (const plan of faults) this.#planned.push({ plan, skipLeft: plan.skip ?? 0, timesLeft: plan.times ?? 1 });
  }

  /** Faults planned and not used up; a test ends with none. */
  get waiting(): number {
    return this.#planned.length;
  }

  clear(): void {
    this.#planned = [];
  }

  /** The faults that strike this message. Called once per message; uses them up. */
  strike(occasion: FaultOccasion): readonly KeyFault[] {
    const struck: KeyFault[] = [];
    for (const entry of this.#planned) {
      if (!matches(entry.plan, occasion)) continue;
      if (entry.skipLeft > 0) {
        entry.skipLeft -= 1;
        continue;
      }
      entry.timesLeft -= 1;
      struck.push(entry.plan.fault);
    }
    this.#planned = this.#planned.filter((entry) => entry.timesLeft > 0);
    return struck;
  }
}

function matches(plan: PlannedFault, occasion: FaultOccasion): boolean {
  const { on = {} } = plan;
  return (
    (on.hidCommand ?? HidCommand.cbor) === occasion.hidCommand &&
    (on.ctapCommand === undefined || on.ctapCommand === occasion.ctapCommand) &&
    (on.subCommand === undefined || on.subCommand === occasion.subCommand)
  );
}

/** Applies the faults that change the answer's bytes (status and CBOR). */
export function spoilAnswer(answer: Uint8Array, faults: readonly KeyFault[]): Uint8Array {
  return faults.reduce((bytes, fault) => {
    switch (fault.kind) {
      case 'status':
        return Uint8Array.of(fault.status);
      case 'answer':
        return fault.edit(bytes);
      case 'malformed-cbor':
        return Uint8Array.of(0, ...malformed(bytes.subarray(1), fault.how));
      default:
        return bytes;
    }
  }, answer);
}

/** Applies the faults that change the reports, their order or their time. */
export function spoilReports(reports: readonly Uint8Array[], faults: readonly KeyFault[]): readonly OutgoingStep[] {
  let steps: OutgoingStep[] = reports.map((report) => ({ kind: 'send', report }));
  for (const fault of faults) steps = spoilSteps(steps, fault);
  return steps;
}

function spoilSteps(steps: OutgoingStep[], fault: KeyFault): OutgoingStep[] {
  switch (fault.kind) {
    case 'drop-report':
      return steps.filter((_, index) => index !== fault.index);
    case 'repeat-report':
      return steps.flatMap((step, index) => (index === fault.index ? [step, step] : [step]));
    case 'delay':
      return [...steps.slice(0, fault.index), { kind: 'wait', delayMs: fault.delayMs }, ...steps.slice(fault.index)];
    case 'foreign-frame':
      return [...steps.slice(0, fault.index), { kind: 'send', report: foreignReport() }, ...steps.slice(fault.index)];
    case 'unplug-in-answer':
      return [...steps.slice(0, fault.index), { kind: 'unplug' }];
    case 'wrong-sequence':
      return editReport(steps, fault.index, (report) => void (report[4] = ((report[4] ?? 0) + 1) & 0x7f));
    case 'wrong-channel':
      return steps.map((step) => editStep(step, (report) => void (report[0] = (report[0] ?? 0) ^ 0x5a)));
    case 'wrong-command':
      return editReport(steps, 0, (report) => void (report[4] = 0x80 | HidCommand.ping));
    case 'claimed-length':
      return editReport(steps, 0, (report) => new DataView(report.buffer).setUint16(5, fault.bytes));
    case 'wrong-nonce':
      return editReport(steps, 0, (report) => void (report[7] = (report[7] ?? 0) ^ 0xff));
    case 'short-report':
      return steps.map((step, index) =>
        index === fault.index && step.kind === 'send' ? { ...step, report: step.report.slice(0, fault.bytes) } : step,
      );
    default:
      return steps;
  }
}

function editReport(steps: OutgoingStep[], target: number, edit: (report: Uint8Array) => void): OutgoingStep[] {
  return steps.map((step, index) => (index === target ? editStep(step, edit) : step));
}

function editStep(step: OutgoingStep, edit: (report: Uint8Array) => void): OutgoingStep {
  if (step.kind !== 'send') return step;
  const report = step.report.slice();
  edit(report);
  return { kind: 'send', report };
}

/** What another program's conversation looks like to us: a whole, well-formed answer on a channel that isn't ours. */
function foreignReport(): Uint8Array {
  const report = new Uint8Array(REPORT_BYTES);
  report.set([0x5a, 0x5a, 0x5a, 0x5a, 0x80 | HidCommand.cbor, 0x00, 0x01, 0x2e]);
  return report;
}

/** A CBOR map spoiled in one way. `good` is the map the key meant to send. */
function malformed(good: Uint8Array, how: MalformedCbor): Uint8Array {
  switch (how) {
    case 'truncated':
      return good.slice(0, Math.max(1, good.length - 3));
    case 'trailing-bytes':
      return Uint8Array.of(...good, 0xff, 0x00);
    case 'duplicate-key':
      return Uint8Array.of(0xa2, 0x01, 0x00, 0x01, 0x00);
    case 'indefinite-length':
      return Uint8Array.of(0xbf, 0x01, 0x00, 0xff);
    case 'depth-bomb':
      return Uint8Array.of(0xa1, 0x01, ...new Uint8Array(600).fill(0x81), 0x00);
    case 'huge-length':
      return Uint8Array.of(0xa1, 0x01, 0x5b, 0, 0, 0, 1, 0, 0, 0, 0);
    case 'huge-count':
      return Uint8Array.of(0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
    case 'float':
      return Uint8Array.of(0xa1, 0x01, 0xf9, 0x7e, 0x00);
    case 'tag':
      return Uint8Array.of(0xa1, 0x01, 0xc1, 0x00);
    case 'not-a-map':
      return Uint8Array.of(0x83, 0x01, 0x02, 0x03);
    case 'wrong-types':
      return Uint8Array.of(0xa3, 0x01, 0xf5, 0x02, 0x63, 0x6f, 0x64, 0x64, 0x03, 0x20);
    case 'nothing':
      return new Uint8Array(0);
    default: {
      const never: never = how;
      throw new Error(`unknown malformation ${String(never)}`);
    }
  }
}
