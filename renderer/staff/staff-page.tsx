// The frame of every page for staff: one picture in, intents out. A technician sits before it, so it is denser than the kiosk and
// framed in ink.
import { useCallback, useMemo, useRef, useState } from 'react';
import { classNamer } from '../look/class-names.ts';
import { useLook } from '../look/use-look.ts';
import { BigButton } from '../parts/big-button.tsx';
import { ShellStrip } from '../parts/shell-strip.tsx';
import { WorldBand } from '../parts/world-band.tsx';
import { createPressGuard } from '../screens/press-guard.ts';
import { ScreenActions } from '../screens/screen-actions.tsx';
import { useKeys } from '../screens/use-keys.ts';
import { useTitleFocus } from '../screens/use-title-focus.ts';
import type { Sayable } from '../screens/view.ts';
import { languageNames } from '../words/languages.ts';
import { WordsContext } from '../words/use-words.ts';
import { wordsIn, type PlainMessageId } from '../words/words.ts';
import styles from './staff-page.module.css';
import { StaffPanelOf } from './staff-panel.tsx';
import type { SaidByStaff, StaffPicture, StaffScene, StaffView } from './staff-view.ts';

const c = classNamer(styles);

interface StaffPageProps<Picture extends StaffPicture, Saying extends Sayable> {
  readonly snapshot: Picture;
  /** Which kind of screen is shown: its pages and its focus are its own. */
  readonly kind: string;
  readonly wordmark: PlainMessageId;
  readonly help: PlainMessageId;
  readonly draw: (scene: StaffScene<Picture, Saying>) => StaffView<Saying>;
  /** Says an intent for the showing the technician sees. */
  readonly onSay: (intent: Saying | SaidByStaff) => void;
}

export function StaffPage<Picture extends StaffPicture, Saying extends Sayable>(props: StaffPageProps<Picture, Saying>) {
  const { snapshot, kind, wordmark, help, draw, onSay } = props;
  const fitting = useLook(snapshot.look);
  const words = wordsIn(snapshot.look.language);
  const { visit, panel, allowed } = snapshot;
  const [turned, setTurned] = useState({ kind, page: 0 });
  if (turned.kind !== kind) setTurned({ kind, page: 0 });
  const page = turned.kind === kind ? turned.page : 0;
  const turnTo = useCallback((next: number) => setTurned({ kind, page: next }), [kind]);
  // Under a panel the screen keeps the buttons it had.
  const [uncovered, setUncovered] = useState({ kind, allowed });
  if (panel === null && (uncovered.kind !== kind || uncovered.allowed !== allowed)) setUncovered({ kind, allowed });
  const drawn = panel !== null && uncovered.kind === kind ? uncovered.allowed : allowed;
  const shows = useCallback((type: string) => drawn.includes(type), [drawn]);
  const [guard] = useState(createPressGuard);
  const say = useCallback(
    (intent: Saying | SaidByStaff) => {
      if (allowed.includes(intent.type) && guard.passes(visit, intent.type, performance.now())) onSay(intent);
    },
    [allowed, guard, onSay, visit],
  );
  const scene = useMemo<StaffScene<Picture, Saying>>(
    () => ({ snapshot, words, fitting, say, shows, page, turnTo }),
    [snapshot, words, fitting, say, shows, page, turnTo],
  );
  const view = draw(scene);

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
          <StaffStrip scene={scene} wordmark={wordmark} />
        </div>
        <div className={c('stage')}>{view.stage}</div>
        <div className={c('actions')}>
          <ScreenActions key={kind} scene={scene} view={view} />
        </div>
        <p className="only-spoken" aria-live="polite" data-told="">
          {view.title}
        </p>
        {panel === null ? view.question : <StaffPanelOf scene={scene} panel={panel} help={help} />}
      </div>
    </WordsContext>
  );
}

interface StaffStripProps {
  readonly scene: Pick<StaffScene<StaffPicture, never>, 'snapshot' | 'words' | 'say' | 'shows'>;
  readonly wordmark: PlainMessageId;
}

function StaffStrip({ scene, wordmark }: StaffStripProps) {
  const { snapshot, words, say, shows } = scene;
  return (
    <ShellStrip
      name={words.t('strip.name')}
      wordmark={words.t(wordmark)}
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
