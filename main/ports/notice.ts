// What the window refused or lost, told for the journal.

/** Something the shell refused or noticed, for the journal; never content, at most a host name. */
export type DeskNotice =
  | {
      readonly notice: 'door.refused';
      readonly door: 'kiosk' | 'care' | 'doctor' | 'practice' | 'card' | 'page';
      readonly because: DoorRefusal;
    }
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
