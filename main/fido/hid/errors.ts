import { hexByte, hidErrorName, type HidErrorName } from './codes.ts';

/** The key answered a message with CTAPHID_ERROR. The message itself was not carried out (CTAP 2.3 §11.2.9.1.6). */
export class CtapHidError extends Error {
  override readonly name = 'CtapHidError';
  readonly code: number;
  readonly codeName: HidErrorName;
  /** The CTAPHID command that was refused. */
  readonly command: number;
  constructor(code: number, command: number) {
    super(`CTAPHID command ${hexByte(command)} refused: ${hidErrorName(code)} (${hexByte(code)})`);
    this.code = code;
    this.codeName = hidErrorName(code);
    this.command = command;
  }
}

/**
 * The key did not answer in time. Whether it carried the message out is not known.
 * `silent`: it said nothing at all; `endless`: it kept saying that it is working.
 */
export class KeyNotAnswering extends Error {
  override readonly name = 'KeyNotAnswering';
  readonly manner: 'silent' | 'endless';
  readonly command: number;
  readonly waitedMs: number;
  constructor(manner: 'silent' | 'endless', command: number, waitedMs: number) {
    super(`no answer to CTAPHID command ${hexByte(command)} after ${Math.round(waitedMs)} ms (${manner})`);
    this.manner = manner;
    this.command = command;
    this.waitedMs = waitedMs;
  }
}

/** This side closed the channel while, or before, the message was under way. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
  constructor() {
    super('the channel was closed');
  }
}
