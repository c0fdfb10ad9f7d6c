// Where a real key, a virtual key or a kernel device plugs in: fixed-size reports in both directions, nothing else.

/** A key can be pulled out at any moment; every pending and later call on its link then rejects with this. */
export class PacketLinkClosed extends Error {
  override readonly name = 'PacketLinkClosed';
}

/**
 * One open FIDO HID interface, as reports without a report ID (CTAP 2.3 §11.2.4: Report_size is 64 on full-speed keys).
 *
 * Every open handle of a key sees every input report of that key, so a reader must skip channels that are not its own.
 */
export interface PacketLink {
  /** Bytes in one report, in either direction. */
  readonly reportBytes: number;
  /** Sends one report of exactly `reportBytes` bytes. Rejects with {@link PacketLinkClosed} when the key is gone. */
  write(report: Uint8Array): Promise<void>;
  /**
   * The next report, in order of arrival, none lost to a reader who keeps up while the link is open. Rejects with the signal's reason when it
   * aborts (the report stays queued for the next reader) and with {@link PacketLinkClosed} when the key is gone.
   */
  read(signal: AbortSignal): Promise<Uint8Array>;
  /** Idempotent; settles pending reads with {@link PacketLinkClosed}. */
  close(): Promise<void>;
}
