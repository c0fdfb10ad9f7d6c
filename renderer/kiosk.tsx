// The kiosk page: one picture in, intents out. It holds nothing of its own but which page of a screen is turned up.
import { useCallback, useMemo, useRef, useState } from 'react';
import type { Intent } from '../contract/intent.ts';
import type { Snapshot } from '../contract/snapshot.ts';
import { classNamer } from './look/class-names.ts';
import { useLook } from './look/use-look.ts';
import styles from './kiosk.module.css';
import { JourneyRail } from './parts/journey-rail.tsx';
import { Sunrise } from './parts/sunrise.tsx';
import { WorldBand } from './parts/world-band.tsx';
import { KioskStrip, LowerTools } from './screens/kiosk-strip.tsx';
import { OverlayOf } from './screens/overlays/overlay.tsx';
import { PassAnnouncer } from './screens/pass-announcer.tsx';
import { createPressGuard } from './screens/press-guard.ts';
import { ScreenActions } from './screens/screen-actions.tsx';
import { useKeys } from './screens/use-keys.ts';
import { useTitleFocus } from './screens/use-title-focus.ts';
import { viewOf, type Scene } from './screens/view.ts';
import { views } from './screens/views.ts';
import { WordsContext } from './words/use-words.ts';
import { wordsIn } from './words/words.ts';

const c = classNamer(styles);

interface KioskProps {
  readonly snapshot: Snapshot;
  /** Says an intent for the showing the person sees. */
  readonly onSay: (intent: Intent) => void;
}

export function Kiosk({ snapshot, onSay }: KioskProps) {
  const fitting = useLook(snapshot.look);
  const words = wordsIn(snapshot.look.language);
  const { kind } = snapshot.screen;
  const [turned, setTurned] = useState({ kind, page: 0 });
  if (turned.kind !== kind) setTurned({ kind, page: 0 });
  const page = turned.kind === kind ? turned.page : 0;
  const turnTo = useCallback((next: number) => setTurned({ kind, page: next }), [kind]);
  const may = useCallback((type: Intent['type']) => type === 'page.frame' || snapshot.allowed.includes(type), [snapshot.allowed]);
  // Under a panel the screen keeps the buttons it had.
  const [uncovered, setUncovered] = useState({ kind, allowed: snapshot.allowed });
  if (snapshot.overlay === null && (uncovered.kind !== kind || uncovered.allowed !== snapshot.allowed))
    setUncovered({ kind, allowed: snapshot.allowed });
  const drawn = snapshot.overlay !== null && uncovered.kind === kind ? uncovered.allowed : snapshot.allowed;
  const shows = useCallback((type: Intent['type']) => drawn.includes(type), [drawn]);
  const [guard] = useState(createPressGuard);
  const { visit } = snapshot;
  const say = useCallback(
    (intent: Intent) => {
      if (may(intent.type) && guard.passes(visit, intent.type, performance.now())) onSay(intent);
    },
    [may, guard, onSay, visit],
  );
  const scene = useMemo<Scene>(
    () => ({ snapshot, words, fitting, say, may, shows, page, turnTo }),
    [snapshot, words, fitting, say, may, shows, page, turnTo],
  );
  const view = viewOf(views, snapshot.screen, scene);

  const screen = useRef<HTMLDivElement>(null);
  useKeys({ covered: snapshot.overlay !== null, goBack: view.back ?? (() => say({ type: 'back' })) });
  useTitleFocus(screen, kind, view.title);

  return (
    <WordsContext value={words}>
      <div
        ref={screen}
        className={c('page')}
        data-ground={view.ground}
        data-screen={kind}
        data-lower={snapshot.look.controlsLower ? '' : undefined}
      >
        {snapshot.world === 'field' ? null : (
          <div className={c('band')}>
            <WorldBand
              world={snapshot.world}
              title={words.t(`world.${snapshot.world}.title`)}
              rest={words.t(`world.${snapshot.world}.rest`)}
            />
          </div>
        )}
        <div className={c('strip')}>
          <KioskStrip scene={scene} view={view} />
        </div>
        <div className={c('rail')}>
          {view.bare === true || view.withoutRail === true || snapshot.stops.length === 0 ? null : <Rail scene={scene} />}
        </div>
        <div className={c('stage')}>{view.stage}</div>
        <div className={c('actions')}>
          <ScreenActions key={kind} scene={scene} view={view} />
        </div>
        {snapshot.look.controlsLower && view.withoutRail !== true ? (
          <div className={c('tools')}>
            <LowerTools scene={scene} view={view} />
          </div>
        ) : null}
        <p className="only-spoken" aria-live="polite" data-told="">
          {view.title}
        </p>
        <PassAnnouncer clock={snapshot.pass} words={words} />
        <Sunrise dark={view.ground === 'deep'} rises={view.sunrise === true} still={snapshot.look.motion === 'reduced'} />
        <OverlayOf scene={scene} />
      </div>
    </WordsContext>
  );
}

function Rail({ scene: { snapshot, words } }: { readonly scene: Scene }) {
  return (
    <JourneyRail
      name={words.t('rail.name')}
      stops={snapshot.stops.map(({ id, state }) => ({
        id,
        state,
        label: words.t(`stop.${id}`),
        spokenState: words.t(`rail.${state}`),
      }))}
    />
  );
}
