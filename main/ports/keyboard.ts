// The desk's own keyboard capture: while it is on, no keystroke reaches the kiosk page.

export type Keystroke =
  | { readonly kind: 'symbol'; readonly symbol: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'submit' };

export interface KeyboardPort {
  /** Takes every printing key, Backspace and Enter before the page sees them. The result gives the keyboard back. */
  capture(listener: (stroke: Keystroke) => void): () => void;
  /** Any key, click, touch or wheel on the desk or on Microsoft's page. The result stops it. */
  onActivity(listener: () => void): () => void;
}
