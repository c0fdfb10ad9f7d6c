import { classNamer } from '../look/class-names.ts';
import styles from './world-band.module.css';

const c = classNamer(styles);

interface WorldBandProps {
  readonly world: 'training' | 'rehearsal';
  readonly title: string;
  readonly rest: string;
}

/** Says for as long as it is true that something here is not real. Violet stands for that and for nothing else. */
export function WorldBand({ world, title, rest }: WorldBandProps) {
  return (
    <section className={c('band', world)} aria-label={title}>
      <Stripes />
      <span className={c('words')}>
        <b>{title}</b>
        <span aria-hidden="true">·</span>
        <b>{rest}</b>
      </span>
      <Stripes />
    </section>
  );
}

function Stripes() {
  return (
    <svg className={c('stripes')} aria-hidden="true" focusable="false">
      <pattern id="band-stripes" width="36" height="52" patternUnits="userSpaceOnUse" patternTransform="skewX(-24)">
        <rect className={c('stripe')} width="13" height="52" />
      </pattern>
      <rect width="100%" height="100%" fill="url(#band-stripes)" />
    </svg>
  );
}
