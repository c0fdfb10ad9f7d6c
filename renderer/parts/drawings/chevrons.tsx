import { classNamer } from '../../look/class-names.ts';
import styles from './drawings.module.css';

const c = classNamer(styles);

/** Three chevrons that light up one after the other in the direction the hand moves; the tip of the first stands at (0,0). */
export function Chevrons({ towards }: { readonly towards: 'port' | 'person' }) {
  const up = towards === 'port';
  return (
    <g fill="none" stroke="var(--chevron)" strokeWidth="9.5" strokeLinecap="round" strokeLinejoin="round">
      {[0, 1, 2].map((place) => {
        const strength = up ? place : 2 - place;
        const y = place * 33;
        return (
          <path
            key={place}
            className={c(`chevron-${strength + 1}`)}
            d={up ? `M-26 ${y + 21}L0 ${y}l26 21` : `M-26 ${y}L0 ${y + 21}l26-21`}
          />
        );
      })}
    </g>
  );
}
