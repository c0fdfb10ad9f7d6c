import { BigButton } from '../parts/big-button.tsx';
import { HostPill } from '../parts/host-pill.tsx';
import { PassClock } from '../parts/pass-clock.tsx';
import { ShellStrip, ToolRow } from '../parts/shell-strip.tsx';
import { languageNames } from '../words/languages.ts';
import { timeLeft } from '../words/time-left.ts';
import type { Scene, View } from './view.ts';

/** The strip as a person's screen needs it: whose page it is, how long the pass lasts, and the desk's tools unless they came down. */
export function KioskStrip({ scene, view }: { readonly scene: Scene; readonly view: View }) {
  const { snapshot, words } = scene;
  const { t } = words;
  const { host, pass, look } = snapshot;
  return (
    <ShellStrip
      name={t('strip.name')}
      wordmark="Firstkey"
      bare={view.bare === true}
      textSize={look.textSize}
      host={
        host === null || view.withPage !== true ? null : (
          <HostPill host={host} label={t('strip.host')} unverified={t('strip.unverified')} />
        )
      }
    >
      {pass === null ? null : (
        <PassClock
          label={t('strip.pass')}
          running={pass.kind === 'running' ? pass : null}
          inWords={(leftMs) => timeLeft(words, leftMs)}
        />
      )}
      {look.controlsLower ? null : <Tools scene={scene} view={view} />}
    </ShellStrip>
  );
}

/** The tools at the foot of the screen, for those who do not reach the top of it. */
export function LowerTools({ scene, view }: { readonly scene: Scene; readonly view: View }) {
  return (
    <ToolRow textSize={scene.snapshot.look.textSize} name={scene.words.t('strip.name')}>
      <Tools scene={scene} view={view} />
    </ToolRow>
  );
}

function Tools({ scene, view }: { readonly scene: Scene; readonly view: View }) {
  const { snapshot, words, say, shows } = scene;
  const { t } = words;
  if (view.tools !== undefined) return view.tools;
  return (
    <>
      {shows('language.open') ? (
        <BigButton
          kind="plainTool"
          icon="globe"
          label={languageNames[snapshot.look.language]}
          onPress={() => say({ type: 'language.open' })}
        />
      ) : null}
      {shows('display.open') ? (
        <BigButton kind="plainTool" icon="display" label={t('strip.display')} onPress={() => say({ type: 'display.open' })} />
      ) : null}
      {shows('startAgain.ask') ? (
        <BigButton kind="tool" icon="startAgain" label={t('strip.startAgain')} onPress={() => say({ type: 'startAgain.ask' })} />
      ) : null}
    </>
  );
}
