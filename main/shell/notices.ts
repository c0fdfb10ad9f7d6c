// What the shell tells the desk about what it refused or lost.

/** Something the shell refused or noticed, for the journal; never content, at most a host name. */
export type ShellNotice =
  | { readonly notice: 'door.refused'; readonly door: 'kiosk' | 'practice' | 'card'; readonly because: DoorRefusal }
  | { readonly notice: 'page.blocked'; readonly what: BlockedAttempt; readonly host: string | null }
  | { readonly notice: 'process.gone'; readonly process: string; readonly reason: string };

export type DoorRefusal = 'foreignSender' | 'tooLarge' | 'unreadable' | 'tooMany' | 'notOpen';

export type BlockedAttempt =
  | 'navigation'
  | 'window'
  | 'download'
  | 'request'
  | 'document'
  | 'fileChooser'
  | 'permission'
  | 'signInBox'
  | 'certificate';

export type RendererGone =
  /** The kiosk page's process ended; `reloading` tells whether it comes back by itself. */
  | { readonly what: 'crashed'; readonly reason: string; readonly reloading: boolean }
  /** It did not answer in time and was ended. */
  | { readonly what: 'hung'; readonly reloading: boolean };
