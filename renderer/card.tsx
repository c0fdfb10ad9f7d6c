// The card's start: draws once, and says so when the faces are in and the sheet stands.
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import type { CardBridge } from '../contract/bridge.ts';
import type { CardSnapshot } from '../contract/card.ts';
import { PrintedCard } from './card/printed-card.tsx';
import './look/base.css';
import { languageDirection } from './words/languages.ts';

function Sheet({
  card,
  printedAtMs,
  onDrawn,
}: {
  readonly card: CardSnapshot;
  readonly printedAtMs: number;
  readonly onDrawn: () => void;
}) {
  useEffect(() => {
    void document.fonts.ready.then(onDrawn);
  }, [onDrawn]);
  return <PrintedCard card={card} printedAtMs={printedAtMs} />;
}

const root = document.getElementById('root');
const bridge = window.firstkey as CardBridge | undefined;
if (root === null || bridge === undefined) throw new Error('the card page was opened without its window');
const card = await bridge.hello();
document.documentElement.lang = card.language;
document.documentElement.dir = languageDirection(card.language);
createRoot(root).render(<Sheet card={card} printedAtMs={Date.now()} onDrawn={() => void bridge.drawn()} />);
