import type { DeviceAfter } from '../../../contract/snapshot.ts';
import { DeviceDrawing } from '../../parts/drawings/device-drawing.tsx';
import { rich } from '../../words/rich.tsx';
import type { Words } from '../../words/words.ts';
import styles from './done.module.css';

interface DeviceNextProps {
  readonly after: DeviceAfter;
  readonly phoneSignIn: boolean;
  readonly words: Words;
}

/** What to do next on one thing a person will sign in on. Microsoft's own labels are quoted exactly, in bold. */
export function DeviceNext({ after, phoneSignIn, words }: DeviceNextProps) {
  const { t } = words;
  const { device } = after;
  const strands = after.pass === 'strands' && (device === 'windows' || device === 'mac');
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
        {strands ? <p className={styles['notThePass']}>{t(`next.${device}.notThePass`)}</p> : null}
      </div>
    </li>
  );
}
