import type { ScreenOf } from '../../contract/snapshot.ts';
import { OnScreenKeyboard } from '../parts/on-screen-keyboard.tsx';
import { PageFrame } from '../parts/page-frame.tsx';
import { keyboardWords } from '../words/keyboard-words.ts';
import { frameWords } from './frame-words.ts';
import type { Action, Scene, View } from './view.ts';

/** A screen that leaves room for Microsoft's page, with a keyboard under it where one is wanted. */
type PageScreen = ScreenOf<'signIn' | 'portal'>;

/** The page's frame and, below it, the keyboard whose presses the desk types into the page. */
export function MicrosoftPage({ screen, scene }: { readonly screen: PageScreen; readonly scene: Scene }) {
  const { words, snapshot, say } = scene;
  return (
    <>
      <PageFrame {...frameWords(scene)} visit={snapshot.visit} onFrame={(frame) => say({ type: 'page.frame', frame })} />
      {screen.keyboard ? (
        <OnScreenKeyboard
          words={keyboardWords(words)}
          enterReady
          onSymbol={(symbol) => say({ type: 'keyboard.press', symbol })}
          onDelete={() => say({ type: 'keyboard.press', symbol: 'Backspace' })}
          onEnter={() => say({ type: 'keyboard.press', symbol: 'Enter' })}
        />
      ) : null}
    </>
  );
}

/** What every such screen has in common besides its stage. */
export function besidePage(
  { keyboard }: PageScreen,
  { words: { t }, fitting }: Scene,
): Pick<View, 'ground' | 'withPage' | 'withoutRail' | 'second'> {
  const toggle: Action = keyboard
    ? { label: t('keyboard.hide'), press: { type: 'keyboard.hide' }, icon: 'keyboard' }
    : { label: t('keyboard.show'), press: { type: 'keyboard.show' }, icon: 'keyboard' };
  return { ground: 'paper', withPage: true, withoutRail: keyboard && fitting.format === 'short', second: toggle };
}

/** The keyboard takes a row of its own. */
export const pageArrangement = ({ keyboard }: PageScreen) => (keyboard ? 'withPageAndKeyboard' : 'withPage');
