// What can go wrong between a key and its host, as a plan a test hands to a virtual key. A fault waits for the answer it
// is meant for, spoils it, and is used up; the key itself has no branch for it.
import { HidCommand, KeepaliveStatus, REPORT_BYTES, writeReports } from './hid/report-codec.ts';
import type { KeyFault, PlannedFault } from './key-fault-plan.ts';
import { malformed } from './malformed-cbor.ts';

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
      case 'no-status':
        return new Uint8Array(0);
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
  const insert = (index: number, ...more: readonly OutgoingStep[]) => [...steps.slice(0, index), ...more, ...steps.slice(index)];
  const onOurChannel = (command: number, ...payload: readonly number[]) => ownReport(steps, command, payload);
  switch (fault.kind) {
    case 'drop-report':
      return steps.filter((_, index) => index !== fault.index);
    case 'stall':
      return steps.slice(0, fault.index);
    case 'swap-reports':
      return steps.map((step, index) => steps[swapped(index, fault.index)] ?? step);
    case 'repeat-report':
      return steps.flatMap((step, index) => (index === fault.index ? [step, step] : [step]));
    case 'answer-twice':
      return [...steps, ...steps];
    case 'start-again':
      return insert(fault.index, ...steps.slice(0, 1));
    case 'stray-continuation':
      return insert(
        0,
        editStep(onOurChannel(HidCommand.ping), (report) => void (report[4] = fault.sequence)),
      );
    case 'keepalive-inside':
      return insert(fault.index, onOurChannel(HidCommand.keepalive, KeepaliveStatus.processing));
    case 'error-inside':
      return insert(fault.index, onOurChannel(HidCommand.error, fault.code));
    case 'keepalive-flood':
      return insert(0, ...times(fault.count, onOurChannel(HidCommand.keepalive, KeepaliveStatus.processing)));
    case 'foreign-flood':
      return insert(0, ...times(fault.count, { kind: 'send', report: foreignReport() }));
    case 'delay':
      return insert(fault.index, { kind: 'wait', delayMs: fault.delayMs });
    case 'foreign-frame':
      return insert(fault.index, { kind: 'send', report: foreignReport() });
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
    case 'dirty-padding':
      return editReport(
        steps,
        steps.length - 1,
        (report) => void report.fill(0xee, report.findLastIndex((byte) => byte !== 0) + 1),
      );
    case 'wrong-nonce':
      return editReport(steps, 0, (report) => void (report[7] = (report[7] ?? 0) ^ 0xff));
    case 'given-channel':
      return editReport(steps, 0, (report) => new DataView(report.buffer).setUint32(15, fault.channel));
    case 'protocol-version':
      return editReport(steps, 0, (report) => void (report[19] = fault.version));
    case 'short-report':
      return steps.map((step, index) =>
        index === fault.index && step.kind === 'send' ? { ...step, report: resized(step.report, fault.bytes) } : step,
      );
    default:
      return steps;
  }
}

function swapped(index: number, first: number): number {
  if (index === first) return first + 1;
  return index === first + 1 ? first : index;
}

function times(count: number, step: OutgoingStep): OutgoingStep[] {
  return Array.from({ length: count }, () => step);
}

function resized(report: Uint8Array, bytes: number): Uint8Array {
  const other = new Uint8Array(bytes);
  other.set(report.subarray(0, bytes));
  return other;
}

/** A short message on the channel that the answer is for. */
function ownReport(steps: readonly OutgoingStep[], command: number, payload: readonly number[]): OutgoingStep {
  const first = steps.find((step) => step.kind === 'send');
  const channel = first === undefined ? 0 : new DataView(first.report.buffer, first.report.byteOffset).getUint32(0);
  const [report = new Uint8Array(REPORT_BYTES)] = writeReports(channel, command, Uint8Array.from(payload));
  return { kind: 'send', report };
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
