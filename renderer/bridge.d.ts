import type { CardBridge, CareBridge, DoctorBridge, KioskBridge, PracticeBridge } from '../contract/bridge.ts';

declare global {
  interface Window {
    /** Put there by the window's own preload script; each page knows which of them it was given. */
    readonly firstkey?: KioskBridge | CareBridge | DoctorBridge | PracticeBridge | CardBridge;
  }
}
