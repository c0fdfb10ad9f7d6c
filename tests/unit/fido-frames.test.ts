import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  MessageAssembly,
  decodeFrame,
  encodeMessage,
  maxMessageBytes,
  type ContinuationFrame,
  type InitFrame,
} from '../../main/fido/hid/frames.ts';
import { ProtocolViolation } from '../../main/fido/protocol-violation.ts';
import { continuationReport, initReport, reportsOf } from '../support/fido-scripted-link.ts';

const CHANNEL = 0xa1b2_c3d4;
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7 + 1) % 256);

function assemble(reports: readonly Uint8Array[]): Uint8Array | undefined {
  const [first, ...rest] = reports.map(decodeFrame);
  const assembly = new MessageAssembly(first as InitFrame, 64);
  for (const frame of rest) assembly.add(frame as ContinuationFrame);
  return assembly.message;
}

describe('a message as reports', () => {
  test.each([
    [0, 1],
    [1, 1],
    [56, 1],
    [57, 1],
    [58, 2],
    [116, 2],
    [117, 3],
    [7550, 128],
    [7551, 129],
    [7609, 129],
  ])('%i bytes take %i reports', (length, count) => {
    const reports = encodeMessage(CHANNEL, 0x10, counting(length), 64);
    expect(reports).toHaveLength(count);
    expect(reports).toEqual(reportsOf(CHANNEL, 0x10, counting(length)));
    expect(assemble(reports)).toEqual(counting(length));
  });

  test('the bytes are the specified ones', () => {
    const [first, second] = encodeMessage(CHANNEL, 0x01, counting(58), 64);
    expect(Buffer.from(first ?? []).toString('hex')).toBe(`a1b2c3d481003a${Buffer.from(counting(57)).toString('hex')}`);
    expect(Buffer.from(second ?? []).toString('hex')).toBe(`a1b2c3d40090${'00'.repeat(58)}`);
  });

  test('7610 bytes are too many', () => {
    expect(maxMessageBytes(64)).toBe(7609);
    expect(() => encodeMessage(CHANNEL, 0x10, new Uint8Array(7610), 64)).toThrow(RangeError);
  });

  test('other report sizes work the same way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 64 }), fc.uint8Array({ maxLength: 600 }), (reportBytes, message) => {
        const reports = encodeMessage(CHANNEL, 0x10, message, reportBytes);
        expect(reports.every((report) => report.length === reportBytes)).toBe(true);
        const [first, ...rest] = reports.map(decodeFrame);
        const assembly = new MessageAssembly(first as InitFrame, reportBytes);
        for (const frame of rest) assembly.add(frame as ContinuationFrame);
        expect(assembly.message).toEqual(message);
      }),
    );
  });

  test('a length fits into two bytes, however large the reports', () => {
    expect(maxMessageBytes(1024)).toBe(0xffff);
    expect(encodeMessage(CHANNEL, 0x10, new Uint8Array(0xffff), 1024)[0]?.slice(5, 7)).toEqual(Uint8Array.of(0xff, 0xff));
    expect(() => encodeMessage(CHANNEL, 0x10, new Uint8Array(0x1_0000), 1024)).toThrow(RangeError);
  });

  test('the source is copied, not kept', () => {
    const message = counting(10);
    const [report] = encodeMessage(CHANNEL, 0x10, message, 64);
    message.fill(0);
    expect(report?.slice(7, 17)).toEqual(counting(10));
  });
});

describe('a report read', () => {
  test('an initialization packet', () => {
    const frame = decodeFrame(initReport(CHANNEL, 0x3b, 1, Uint8Array.of(2)));
    expect(frame).toMatchObject({ kind: 'init', channelId: CHANNEL, command: 0x3b, messageBytes: 1 });
    expect(frame?.data).toHaveLength(57);
  });

  test('a continuation packet', () => {
    const frame = decodeFrame(continuationReport(0xffff_ffff, 127, counting(59)));
    expect(frame).toEqual({ kind: 'continuation', channelId: 0xffff_ffff, sequence: 127, data: counting(59) });
  });

  test('a stub is nobody’s', () => {
    const continuation = continuationReport(CHANNEL, 0, counting(59));
    for (const length of [0, 1, 4]) expect(decodeFrame(continuation.slice(0, length))).toBeUndefined();
    expect(decodeFrame(continuation.slice(0, 5))).toMatchObject({ kind: 'continuation', data: new Uint8Array() });
    const first = initReport(CHANNEL, 0x10, 1, counting(57));
    for (const length of [5, 6]) expect(decodeFrame(first.slice(0, length))).toBeUndefined();
    expect(decodeFrame(first.slice(0, 7))).toMatchObject({ kind: 'init', data: new Uint8Array() });
  });
});

describe('putting together', () => {
  const first = (length: number): InitFrame => decodeFrame(initReport(CHANNEL, 0x10, length, counting(57))) as InitFrame;
  const next = (sequence: number): ContinuationFrame =>
    decodeFrame(continuationReport(CHANNEL, sequence, counting(59))) as ContinuationFrame;

  test('is whole exactly when all bytes are there', () => {
    const assembly = new MessageAssembly(first(117), 64);
    expect(assembly.message).toBeUndefined();
    assembly.add(next(0));
    expect(assembly.message).toBeUndefined();
    assembly.add(next(1));
    expect(assembly.message).toHaveLength(117);
  });

  test('takes from a report that is longer than agreed what was agreed', () => {
    const longer = (report: Uint8Array): Uint8Array => Uint8Array.from([...report, 0xee, 0xee]);
    const assembly = new MessageAssembly(decodeFrame(longer(initReport(CHANNEL, 0x10, 60, counting(57)))) as InitFrame, 64);
    assembly.add(decodeFrame(longer(continuationReport(CHANNEL, 0, counting(59)))) as ContinuationFrame);
    expect(assembly.message).toEqual(Uint8Array.from([...counting(57), ...counting(3)]));
  });

  test('refuses a packet out of order, a repeated one, and a length no message can have', () => {
    expect(() => new MessageAssembly(first(200), 64).add(next(1))).toThrow(ProtocolViolation);
    const assembly = new MessageAssembly(first(200), 64);
    assembly.add(next(0));
    expect(() => assembly.add(next(0))).toThrow(ProtocolViolation);
    expect(() => new MessageAssembly(first(7610), 64)).toThrow(ProtocolViolation);
  });
});
