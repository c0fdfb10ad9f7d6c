import type { DeviceAfter, PassEnd } from '../../../contract/snapshot.ts';
import { DeviceDrawing } from '../../parts/drawings/device-drawing.tsx';
import { rich } from '../../words/rich.tsx';
import type { Words } from '../../words/words.ts';
import styles from './done.module.css';

interface DeviceNextProps {
  readonly after: DeviceAfter;
  /** What became of the pass: one that is gone is not spoken of. */
  readonly pass: PassEnd;
  readonly phoneSignIn: boolean;
  readonly words: Words;
}

/** What to do next on one thing a person will sign in on. Microsoft's own labels are quoted exactly, in bold. */
export function DeviceNext({ after, pass, phoneSignIn, words }: DeviceNextProps) {
  const { t } = words;
  const { device } = after;
  return (
    <li className={styles['device']}>
      <span className={styles['deviceDrawing']}>
        <DeviceDrawing device={device} />
      </span>
      <div>
        <h3 className={styles['deviceName']}>{t(`next.${device}.name`)}</h3>
        {device === 'windows' ? (
          <ol className={styles['steps']}>
            {(['next.windows.turnOn', 'next.windows.choose', 'next.windows.plugIn'] as const).map((id, place) => (
              <li key={id} className={styles['step']}>
                <b className={styles['number']}>{place + 1}</b>
                <span>{rich(t(id))}</span>
              </li>
            ))}
          </ol>
        ) : (
          <p className={styles['deviceWords']}>
            {rich(t(device === 'mac' ? 'next.mac' : phoneSignIn ? 'next.phone.ready' : 'next.phone.withKey'))}
          </p>
        )}
        {device === 'windows' || device === 'mac' ? <AboutPass device={device} after={after} pass={pass} words={words} /> : null}
      </div>
    </li>
  );
}

interface AboutPassProps {
  readonly device: 'windows' | 'mac';
  readonly after: DeviceAfter;
  readonly pass: PassEnd;
  readonly words: Words;
}

/** Why not the pass, or how the pass too, on a computer that is set up for the first time. */
function AboutPass({ device, after, pass, words: { t } }: AboutPassProps) {
  const works = after.pass === 'worksUntilItEnds' && pass.kind === 'endsAt';
  if (!works && after.pass !== 'strands') return null;
  return <p className={styles['aboutPass']}>{t(works ? `next.${device}.passWorks` : `next.${device}.notThePass`)}</p>;
}
