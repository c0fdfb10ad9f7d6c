import type { CardBridge, KioskBridge, PracticeBridge } from '../contract/bridge.ts';

declare global {
  interface Window {
    /** Put there by the window's own preload script; each page knows which of the three it was given. */
    readonly firstkey?: KioskBridge | PracticeBridge | CardBridge;
  }
}
