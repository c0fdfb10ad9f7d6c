import type { Scene } from '../view.ts';
import { DisplayOverlay } from './display.tsx';
import { ForgotPinOverlay } from './forgot-pin.tsx';
import { HelpOverlay } from './help.tsx';
import { IdleOverlay } from './idle.tsx';
import { KeyDoesNotFitOverlay } from './key-does-not-fit.tsx';
import { LanguageOverlay } from './language.tsx';
import { StartAgainOverlay } from './start-again.tsx';

/** Whatever lies over the screen now. */
export function OverlayOf({ scene }: { readonly scene: Scene }) {
  const { overlay, world } = scene.snapshot;
  const belowBand = world !== 'field';
  if (overlay === null) return null;
  switch (overlay.kind) {
    case 'help':
      return <HelpOverlay scene={scene} belowBand={belowBand} />;
    case 'language':
      return <LanguageOverlay scene={scene} belowBand={belowBand} />;
    case 'display':
      return <DisplayOverlay scene={scene} belowBand={belowBand} />;
    case 'forgotPin':
      return <ForgotPinOverlay scene={scene} belowBand={belowBand} />;
    case 'keyDoesNotFit':
      return <KeyDoesNotFitOverlay scene={scene} belowBand={belowBand} />;
    case 'startAgain':
      return <StartAgainOverlay scene={scene} belowBand={belowBand} />;
    case 'idle':
      return <IdleOverlay scene={scene} belowBand={belowBand} overlay={overlay} />;
    default: {
      const never: never = overlay;
      return never;
    }
  }
}
