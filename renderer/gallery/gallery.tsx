// The gallery: any screen in any look, chosen in the address, drawn by the same code as at the desk. For tests and for people
// who work on the look; it has no bridge and says nothing to anyone.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Intent } from '../../contract/intent.ts';
import type { Look, Snapshot } from '../../contract/snapshot.ts';
import { Kiosk } from '../kiosk.tsx';
import '../look/base.css';
import { allFixtures } from './fixtures.ts';

/** Told to tests: the names to ask for, and what the shown screen said. */
declare global {
  interface Window {
    readonly galleryNames: readonly string[];
    gallerySaid: Intent[];
  }
}

function lookFrom(query: URLSearchParams): Look {
  const language = query.get('language');
  const text = query.get('text');
  return {
    language: language === 'nl' || language === 'ar' ? language : 'en',
    textSize: text === '1.5' ? 1.5 : text === '2' ? 2 : 1,
    contrast: query.get('contrast') === 'high' ? 'high' : 'normal',
    motion: query.get('motion') === 'full' ? 'full' : 'reduced',
    controlsLower: query.get('lower') === '1',
  };
}

function Shown({ first }: { readonly first: Snapshot }) {
  const [snapshot] = useState(first);
  return <Kiosk snapshot={snapshot} onSay={(intent) => void window.gallerySaid.push(intent)} />;
}

function Index() {
  return (
    <nav className="gallery-index" aria-label="Screens">
      {allFixtures.map(({ name }) => (
        <a key={name} href={`?screen=${name}&motion=full`}>
          {name}
        </a>
      ))}
    </nav>
  );
}

const query = new URLSearchParams(window.location.search);
const chosen = allFixtures.find(({ name }) => name === query.get('screen'));
Object.assign(window, { galleryNames: allFixtures.map(({ name }) => name), gallerySaid: [] });

const root = document.getElementById('root');
if (root === null) throw new Error('the gallery page has no root');
createRoot(root).render(<StrictMode>{chosen === undefined ? <Index /> : <Shown first={{ ...chosen.snapshot, visit: 1, look: lookFrom(query) }} />}</StrictMode>);
