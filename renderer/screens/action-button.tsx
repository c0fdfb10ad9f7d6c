import { useEffect, useRef, useState } from 'react';
import { BigButton } from '../parts/big-button.tsx';
import type { Action, ActingScene, Sayable } from './view.ts';

interface ActionButtonProps<Saying extends Sayable> {
  readonly kind: 'primary' | 'second' | 'quiet';
  readonly action: Action<Saying>;
  readonly scene: ActingScene<Saying>;
  /** Told the reason when a button that can not be pressed yet is pressed. */
  readonly onWhy: (why: string) => void;
}

const busyAfterMs = 400;

/** An action of a screen. It is drawn when it may be said, or when it can say why not yet; a second press is ignored. */
export function ActionButton<Saying extends Sayable>({ kind, action, scene, onWhy }: ActionButtonProps<Saying>) {
  const { label, press, icon, iconAfter, notYet, busy } = action;
  const { say, shows, words, snapshot } = scene;
  const [pressedOn, setPressedOn] = useState<number | null>(null);
  const [slowOn, setSlowOn] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const waiting = pressedOn === snapshot.visit;
  const slow = waiting && slowOn === snapshot.visit;

  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );

  const intent = typeof press === 'function' ? null : press;
  if (intent !== null && notYet === undefined && busy === undefined && !shows(intent.type)) return null;

  const onPress = () => {
    if (notYet !== undefined) {
      onWhy(notYet);
      return;
    }
    if (intent === null) {
      if (typeof press === 'function') press();
      return;
    }
    if (waiting) return;
    say(intent);
    setPressedOn(snapshot.visit);
    timer.current = setTimeout(() => {
      setSlowOn(snapshot.visit);
      // A press that led nowhere must not leave a dead button behind.
      timer.current = setTimeout(() => setPressedOn(null), 4000);
    }, busyAfterMs);
  };

  return (
    <BigButton
      kind={kind}
      label={label}
      icon={icon}
      iconAfter={iconAfter}
      notYet={notYet !== undefined}
      busy={busy ?? (slow ? words.t('action.busy') : null)}
      onPress={onPress}
    />
  );
}
