import { useState, type ReactNode } from 'react';
import type { PinIntent } from '../../../contract/intent.ts';
import type { Look, PinRule, ScreenOf } from '../../../contract/snapshot.ts';
import { Banner } from '../../parts/banner.tsx';
import { OnScreenKeyboard } from '../../parts/on-screen-keyboard.tsx';
import { PinKey } from '../../parts/pin-key.tsx';
import { PinPad } from '../../parts/pin-pad.tsx';
import { Column, Say, Stage } from '../../parts/stage.tsx';
import { StatusRow, StatusRows } from '../../parts/status-row.tsx';
import { Tries } from '../../parts/tries.tsx';
import { keyboardWords } from '../../words/keyboard-words.ts';
import { rich } from '../../words/rich.tsx';
import type { Words } from '../../words/words.ts';
import styles from './pin-stage.module.css';

/** As much of a scene as typing a PIN needs: the kiosk and the key care page both have it. */
interface PinScene {
  readonly snapshot: { readonly look: Look };
  readonly words: Words;
  readonly say: (intent: PinIntent) => void;
  readonly shows: (type: PinIntent['type']) => boolean;
}

interface PinStageProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly screen: ScreenOf<'pin'>;
  readonly scene: PinScene;
}

/** The key that holds the dots, over a pad; the pad gives way to letters when the person wants them. */
export function PinStage({ title, lead, screen, scene }: PinStageProps) {
  const [letters, setLetters] = useState(false);
  const { words, snapshot, say, shows } = scene;
  const { t } = words;
  const typing = shows('pin.press');
  const key = <PinKey count={screen.count} minLength={screen.minLength} name={t('pin.spoken', { count: screen.count })} />;
  const words_ = (
    <Say title={title} lead={lead}>
      {letters ? <Facts screen={screen} scene={scene} short /> : <Facts screen={screen} scene={scene} short={false} />}
    </Say>
  );
  const press = (symbol: string) => say({ type: 'pin.press', symbol });
  const erase = () => say({ type: 'pin.delete' });

  if (letters) {
    return (
      <Stage textSize={snapshot.look.textSize} arrangement="withKeyboard">
        {words_}
        <Column>
          <div className={styles['beside']}>
            {key}
            <button type="button" className={styles['digits']} onClick={() => setLetters(false)}>
              {t('pin.digits')}
            </button>
          </div>
        </Column>
        <OnScreenKeyboard
          words={keyboardWords(words)}
          onSymbol={press}
          onDelete={erase}
          onEnter={() => say({ type: 'pin.submit' })}
          enterReady={screen.ready}
        />
      </Stage>
    );
  }
  return (
    <Stage textSize={snapshot.look.textSize} arrangement="withPad">
      {words_}
      <Column>
        <div className={styles['keyAndPad']}>
          {key}
          <PinPad
            enabled={typing}
            onPress={press}
            onDelete={erase}
            onLetters={() => setLetters(true)}
            words={{ pad: t('pin.pad'), letters: 'ABC', lettersSpoken: t('pin.letters'), delete: t('keyboard.delete') }}
          />
        </div>
      </Column>
    </Stage>
  );
}

interface FactsProps {
  readonly screen: ScreenOf<'pin'>;
  readonly scene: PinScene;
  /** Beside the keyboard there is room for what counts now only. */
  readonly short: boolean;
}

function Facts({ screen, scene, short }: FactsProps) {
  const { words } = scene;
  const { t } = words;
  const { notice, tries, ask } = screen;
  const making = ask === 'choose' || ask === 'again';
  const pinNotice = notice !== null && isPinNotice(notice.code) ? notice.code : null;
  return (
    <>
      {tries === null || tries.left >= tries.of ? null : (
        <Tries left={tries.left} of={tries.of} words={rich(t('pin.tries', { left: tries.left, of: tries.of }))} />
      )}
      {tries !== null && tries.left <= 3 ? <Banner tone="attention">{t('pin.fewTries', { left: tries.left })}</Banner> : null}
      {pinNotice !== null && !ruleOf(pinNotice) ? <PinBanner code={pinNotice} scene={scene} screen={screen} /> : null}
      {notice?.code === 'key.pinRefused' ? <Banner tone="attention">{rich(t('pin.refused'))}</Banner> : null}
      {making ? (
        <StatusRows live roomy>
          {screen.rules.map((rule) => (
            <Rule key={rule.id} rule={rule} screen={screen} scene={scene} notice={pinNotice} short={short} />
          ))}
          {short ? null : (
            <StatusRow mark="info" line={t('pin.staysInside')} small={<span data-spare="">{t('pin.staysInside.small')}</span>} />
          )}
        </StatusRows>
      ) : null}
    </>
  );
}

interface RuleProps {
  readonly rule: PinRule;
  readonly screen: ScreenOf<'pin'>;
  readonly scene: PinScene;
  readonly notice: PinNoticeCode | null;
  readonly short: boolean;
}

/** A rule that was broken turns into the banner that says why. */
function Rule({ rule, screen, scene, notice, short }: RuleProps) {
  const { t } = scene.words;
  if (notice !== null && ruleOf(notice) === rule.id) {
    return (
      <li className={styles['broken']}>
        <PinBanner code={notice} scene={scene} screen={screen} />
      </li>
    );
  }
  const mark = rule.state === 'met' ? 'done' : rule.state === 'broken' ? 'attention' : 'open';
  switch (rule.id) {
    case 'length':
      return <StatusRow mark={mark} line={t('pin.rule.length', { min: screen.minLength })} />;
    case 'notGuessable':
      return (
        <StatusRow
          mark={mark}
          line={t('pin.rule.notGuessable')}
          small={short ? null : <span data-spare="">{t('pin.rule.notGuessable.small')}</span>}
        />
      );
    case 'sameTwice':
      return <StatusRow mark={mark} line={t('pin.rule.sameTwice')} />;
    default: {
      const never: never = rule.id;
      return never;
    }
  }
}

type PinNoticeCode = Extract<NonNullable<ScreenOf<'pin'>['notice']>['code'], `pin.${string}`>;

function isPinNotice(code: NonNullable<ScreenOf<'pin'>['notice']>['code']): code is PinNoticeCode {
  return code.startsWith('pin.');
}

/** The rule a notice belongs to, whose place it then takes. */
function ruleOf(code: PinNoticeCode): PinRule['id'] | null {
  switch (code) {
    case 'pin.tooShort':
    case 'pin.tooLong':
      return 'length';
    case 'pin.guessable':
      return 'notGuessable';
    case 'pin.differs':
      return 'sameTwice';
    case 'pin.sameAsOld':
    case 'pin.symbolNotAllowed':
      return null;
    default: {
      const never: never = code;
      return never;
    }
  }
}

function PinBanner({
  code,
  scene,
  screen,
}: {
  readonly code: PinNoticeCode;
  readonly scene: PinScene;
  readonly screen: ScreenOf<'pin'>;
}) {
  return (
    <Banner tone="attention">{rich(scene.words.t(`notice.${code}`, { min: screen.minLength, max: screen.maxLength }))}</Banner>
  );
}
