import { useState } from 'react';
import { ActionRow } from '../parts/action-row.tsx';
import { BigButton } from '../parts/big-button.tsx';
import { ActionButton } from './action-button.tsx';
import type { Action, ActingScene, Sayable, View } from './view.ts';

interface ScreenActionsProps<Saying extends Sayable> {
  readonly scene: ActingScene<Saying>;
  readonly view: View<Saying>;
}

/** Help first and always; then Back; at the end what the screen offers. */
export function ScreenActions<Saying extends Sayable>({ scene, view }: ScreenActionsProps<Saying>) {
  const { words, snapshot, say, shows } = scene;
  const [why, setWhy] = useState<string | null>(null);
  const back = view.back ?? (shows('back') ? () => say({ type: 'back' }) : undefined);
  const button = (kind: 'primary' | 'second' | 'quiet', action: Action<Saying> | undefined) =>
    action === undefined ? null : <ActionButton key={kind} kind={kind} action={action} scene={scene} onWhy={setWhy} />;
  const stillNotYet = view.primary?.notYet !== undefined;
  return (
    <ActionRow
      name={words.t('actions.name')}
      textSize={snapshot.look.textSize}
      start={
        <>
          {/* The closed desk has no help to open: its contact stands on the screen itself. */}
          {shows('help.open') ? (
            <BigButton kind="help" icon="help" label={words.t('action.help')} onPress={() => say({ type: 'help.open' })} />
          ) : null}
          {back === undefined ? null : <BigButton kind="quiet" icon="back" label={words.t('action.back')} onPress={back} />}
        </>
      }
      aside={why !== null && stillNotYet ? why : (view.aside ?? null)}
      end={
        view.end ?? (
          <>
            {button('quiet', view.quiet)}
            {button('second', view.second)}
            {button('primary', view.primary)}
          </>
        )
      }
    />
  );
}
