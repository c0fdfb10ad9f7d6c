// The gallery: any screen in any look, drawn by the same code as at the desk. For tests, which show one after the other
// through `window.gallery`, and for people who work on the look, who choose in the address. It has no bridge.
import { StrictMode, useState, useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { CareSnapshot } from '../../contract/care.ts';
import type { DoctorSnapshot } from '../../contract/doctor-page.ts';
import type { Look, Snapshot } from '../../contract/snapshot.ts';
import { CarePage } from '../care/care-page.tsx';
import { DoctorPage } from '../doctor/doctor-page.tsx';
import { Kiosk } from '../kiosk.tsx';
import '../look/base.css';
import { allCareFixtures } from './care-fixtures.ts';
import { allDoctorFixtures } from './doctor-fixtures.ts';
import { allFixtures } from './fixtures.ts';
import type { Gallery } from './gallery-face.ts';
import './gallery.css';

const usualLook: Look = { language: 'en', textSize: 1, contrast: 'normal', motion: 'reduced', controlsLower: false };

type Shown =
  | { readonly page: 'kiosk'; readonly snapshot: Snapshot }
  | { readonly page: 'care'; readonly snapshot: CareSnapshot }
  | { readonly page: 'doctor'; readonly snapshot: DoctorSnapshot };

let shown: Shown | null = null;
let visits = 0;
/** Each one gets a screen of their own; nothing of the one before is left. */
let person = 0;
const listeners = new Set<() => void>();

const gallery: Gallery = {
  names: allFixtures().map(({ name }) => name),
  careNames: allCareFixtures().map(({ name }) => name),
  doctorNames: allDoctorFixtures().map(({ name }) => name),
  said: [],
  careSaid: [],
  allowedOn: (name) => allFixtures().find((each) => each.name === name)?.snapshot.allowed ?? [],
  show(name, look) {
    person += 1;
    gallery.follow(name, look);
  },
  follow(name, look) {
    visits += 1;
    shown = pictureOf(name, { ...usualLook, ...look });
    // The sizes of pages for staff hang on the document, as in its own window.
    document.documentElement.dataset['page'] = shown.page === 'kiosk' ? 'kiosk' : 'staff';
    gallery.said.length = 0;
    gallery.careSaid.length = 0;
    flushSync(() => {
      for (const listener of listeners) listener();
    });
  },
};

function pictureOf(name: string, look: Look): Shown {
  const fixture = allFixtures().find((each) => each.name === name);
  if (fixture !== undefined) return { page: 'kiosk', snapshot: { ...fixture.snapshot, visit: visits, look } };
  const care = allCareFixtures().find((each) => each.name === name)?.care;
  if (care !== undefined) return { page: 'care', snapshot: { ...care, visit: visits, look } };
  const doctor = allDoctorFixtures().find((each) => each.name === name)?.doctor;
  if (doctor === undefined) throw new Error(`the gallery has no screen ${name}`);
  return { page: 'doctor', snapshot: { ...doctor, visit: visits, look } };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function GalleryPage() {
  const picture = useSyncExternalStore(subscribe, () => shown);
  if (picture === null) return <Index />;
  switch (picture.page) {
    case 'kiosk':
      return <Kiosk key={person} snapshot={picture.snapshot} onSay={(intent) => void gallery.said.push(intent)} />;
    case 'care':
      return <CarePage key={person} snapshot={picture.snapshot} onSay={(intent) => void gallery.careSaid.push(intent)} />;
    case 'doctor':
      return <DoctorPage key={person} snapshot={picture.snapshot} onSay={() => undefined} />;
    default:
      return picture satisfies never;
  }
}

function Index() {
  const [names] = useState(() => [...gallery.names, ...gallery.careNames, ...gallery.doctorNames]);
  return (
    <nav className="gallery-index" aria-label="Screens">
      {names.map((name) => (
        <a key={name} href={`?screen=${name}&motion=full`}>
          {name}
        </a>
      ))}
    </nav>
  );
}

/** The look that the address asks for, one word each. */
function lookIn(query: URLSearchParams): Partial<Look> {
  const language = query.get('language');
  const text = query.get('text');
  return {
    ...(language === 'nl' || language === 'ar' ? { language } : {}),
    ...(text === '1.5' ? { textSize: 1.5 } : text === '2' ? { textSize: 2 } : {}),
    ...(query.get('contrast') === 'high' ? { contrast: 'high' } : {}),
    ...(query.get('motion') === 'full' ? { motion: 'full' } : {}),
    ...(query.get('lower') === '1' ? { controlsLower: true } : {}),
  };
}

Object.assign(window, { gallery });
const query = new URLSearchParams(window.location.search);
const asked = query.get('screen');
if (asked !== null) gallery.show(asked, lookIn(query));

const root = document.getElementById('root');
if (root === null) throw new Error('the gallery page has no root');
createRoot(root).render(
  <StrictMode>
    <GalleryPage />
  </StrictMode>,
);
