// The key care page: one picture in, intents out. A technician sits before it, so it is denser than the kiosk and framed in ink.
import { useCallback, useMemo, useRef, useState } from 'react';
import type { CareIntent, CareIntentType, CareSnapshot } from '../../contract/care.ts';
import { classNamer } from '../look/class-names.ts';
import { useLook } from '../look/use-look.ts';
import { BigButton } from '../parts/big-button.tsx';
import { ShellStrip } from '../parts/shell-strip.tsx';
import { WorldBand } from '../parts/world-band.tsx';
import { createPressGuard } from '../screens/press-guard.ts';
import { ScreenActions } from '../screens/screen-actions.tsx';
import { useKeys } from '../screens/use-keys.ts';
import { useTitleFocus } from '../screens/use-title-focus.ts';
import { languageNames } from '../words/languages.ts';
import { WordsContext, wordsIn } from '../words/words.ts';
import styles from './care-page.module.css';
import { CarePanelOf } from './care-panel.tsx';
import { careViewOf, type CareScene } from './care-view.ts';
import { careViews } from './care-views.ts';

const c = classNamer(styles);

interface CarePageProps {
  readonly snapshot: CareSnapshot;
  /** Says an intent for the showing the technician sees. */
  readonly onSay: (intent: CareIntent) => void;
}

export function CarePage({ snapshot, onSay }: CarePageProps) {
  const fitting = useLook(snapshot.look);
  const words = wordsIn(snapshot.look.language);
  const { screen, visit, panel, allowed } = snapshot;
  const { kind } = screen;
  const [turned, setTurned] = useState({ kind, page: 0 });
  if (turned.kind !== kind) setTurned({ kind, page: 0 });
  const page = turned.kind === kind ? turned.page : 0;
  const turnTo = useCallback((next: number) => setTurned({ kind, page: next }), [kind]);
  // Under a panel the screen keeps the buttons it had.
  const [uncovered, setUncovered] = useState({ kind, allowed });
  if (panel === null && (uncovered.kind !== kind || uncovered.allowed !== allowed)) setUncovered({ kind, allowed });
  const drawn = panel !== null && uncovered.kind === kind ? uncovered.allowed : allowed;
  const shows = useCallback((type: CareIntentType) => drawn.includes(type), [drawn]);
  const [guard] = useState(createPressGuard);
  const say = useCallback(
    (intent: CareIntent) => {
      if (allowed.includes(intent.type) && guard.passes(visit, intent.type, performance.now())) onSay(intent);
    },
    [allowed, guard, onSay, visit],
  );
  const scene = useMemo<CareScene>(
    () => ({ snapshot, words, fitting, say, shows, page, turnTo }),
    [snapshot, words, fitting, say, shows, page, turnTo],
  );
  const view = careViewOf(careViews, screen, scene);

  const place = useRef<HTMLDivElement>(null);
  useKeys({
    covered: panel !== null || view.question !== undefined,
    goBack: view.back ?? (() => say({ type: 'back' })),
  });
  useTitleFocus(place, kind, view.title);

  return (
    <WordsContext value={words}>
      <div ref={place} className={c('page')} data-ground={view.ground} data-screen={kind}>
        {snapshot.world === 'field' ? null : (
          <div className={c('band')}>
            <WorldBand
              world={snapshot.world}
              title={words.t(`world.${snapshot.world}.title`)}
              rest={words.t(`world.${snapshot.world}.rest`)}
            />
          </div>
        )}
        <div className={c('strip')} data-ground="deep">
          <CareStrip scene={scene} />
        </div>
        <div className={c('stage')}>{view.stage}</div>
        <div className={c('actions')}>
          <ScreenActions key={kind} scene={scene} view={view} />
        </div>
        <p className="only-spoken" aria-live="polite" data-told="">
          {view.title}
        </p>
        {panel === null ? view.question : <CarePanelOf scene={scene} panel={panel} />}
      </div>
    </WordsContext>
  );
}

function CareStrip({ scene }: { readonly scene: CareScene }) {
  const { snapshot, words, say, shows } = scene;
  return (
    <ShellStrip
      name={words.t('strip.name')}
      wordmark={words.t('care.wordmark')}
      bare={false}
      textSize={snapshot.look.textSize}
      host={null}
    >
      {shows('language.open') ? (
        <BigButton
          kind="plainTool"
          icon="globe"
          label={languageNames[snapshot.look.language]}
          onPress={() => say({ type: 'language.open' })}
        />
      ) : null}
      {shows('display.open') ? (
        <BigButton
          kind="plainTool"
          icon="display"
          label={words.t('strip.display')}
          onPress={() => say({ type: 'display.open' })}
        />
      ) : null}
    </ShellStrip>
  );
}
