import type { StoreCode } from '../../../contract/snapshot.ts';
import { QrCode } from '../../parts/qr-code.tsx';
import type { Words } from '../../words/words.ts';
import styles from './store-codes.module.css';

const deviceOf = { apple: 'iphone', google: 'android' } as const;

/** A code for each store that fits the chosen phones, large enough for a camera at arm's length. */
export function StoreCodes({ words, codes }: { readonly words: Words; readonly codes: readonly StoreCode[] }) {
  return (
    <ul className={styles['codes']}>
      {codes.map(({ store, url }) => {
        const phone = words.t(`device.${deviceOf[store]}`);
        return (
          <li key={store} className={styles['card']}>
            <span className={styles['code']}>
              <QrCode text={url} name={words.t('storeCode.name', { phone })} />
            </span>
            <span className={styles['phone']}>{phone}</span>
          </li>
        );
      })}
    </ul>
  );
}
