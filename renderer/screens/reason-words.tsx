import type { Reason } from '../../contract/reason.ts';
import { reasons } from '../../contract/reason.ts';
import { Banner } from '../parts/banner.tsx';
import { rich } from '../words/rich.tsx';
import { Say } from '../parts/stage.tsx';
import type { Words } from '../words/words.ts';
import styles from './reason-words.module.css';
import type { Scene, View } from './view.ts';

/** What is true, what to do, and why, in the words of the person. */
export function reasonTitle(words: Words, reason: Reason): string {
  return words.t(`reason.${reason.code}.title`);
}

export function reasonSay(words: Words, reason: Reason): string {
  return words.t(`reason.${reason.code}.say`);
}

/** "Why?" and the answer, on the tint that fits who can act. */
export function WhyBanner({ words, reason }: { readonly words: Words; readonly reason: Reason }) {
  const tone = reasons[reason.code].retry === 'never' ? 'stop' : 'attention';
  return (
    <Banner tone={tone}>
      <b>{words.t('reason.why')}</b> {rich(words.t(`reason.${reason.code}.why`))}
    </Banner>
  );
}

/** A reason on a screen that goes on: what is true and what to do, in one breath. */
export function NoticeBanner({ words, reason }: { readonly words: Words; readonly reason: Reason }) {
  const tone = reasons[reason.code].retry === 'never' ? 'stop' : 'attention';
  return (
    <Banner tone={tone}>
      <b>{words.t('reason.notice', { title: reasonTitle(words, reason) })}</b> {reasonSay(words, reason)}
    </Banner>
  );
}

interface TechnicianLineProps {
  readonly words: Words;
  readonly reason: Reason;
  readonly model: string | null;
}

/** One line for whoever comes to help: the code first, then what the other side said. */
export function TechnicianLine({ words, reason, model }: TechnicianLineProps) {
  const { detail } = reason;
  const named = detail?.model ?? model;
  const status = detail?.statusName ?? (detail?.status === undefined ? undefined : String(detail.status));
  const facts = [named === '' ? null : named, status, detail?.address, detail?.requestId].filter(
    (fact) => fact !== undefined && fact !== null,
  );
  return (
    <p className={styles['technician']} data-spare="">
      {words.t('technician.line')} <code dir="ltr">{reason.code}</code> · {words.t(`reason.${reason.code}.tech`)}
      {facts.map((fact) => (
        <span key={fact}>
          {' · '}
          <bdi dir="ltr">{fact}</bdi>
        </span>
      ))}
    </p>
  );
}

/** Who to ask, where only a technician can go on. */
export function ContactLine({ words, contact }: { readonly words: Words; readonly contact: string }) {
  return (
    <p className={styles['contact']}>
      {words.t('technician.call')} <bdi dir="ltr">{contact}</bdi>
    </p>
  );
}

interface ReasonToldProps {
  readonly scene: Scene;
  readonly reason: Reason;
  readonly model: string | null;
}

/** A reason as a whole screen tells it: what to do first, why second, the code last. Large text tells why on a page of its own. */
export function ReasonTold({ scene, reason, model }: ReasonToldProps) {
  const { words, snapshot, page } = scene;
  const contact = reasons[reason.code].who === 'technician' ? <ContactLine words={words} contact={snapshot.contact} /> : null;
  const why = <WhyBanner words={words} reason={reason} />;
  const code = <TechnicianLine words={words} reason={reason} model={model} />;
  if (snapshot.look.textSize === 1) {
    return (
      <Say title={reasonTitle(words, reason)} lead={reasonSay(words, reason)}>
        {why}
        {contact}
        {code}
      </Say>
    );
  }
  return page === 0 ? (
    <Say title={reasonTitle(words, reason)} lead={reasonSay(words, reason)}>
      {contact}
    </Say>
  ) : (
    <Say title={words.t('reason.why')}>
      {why}
      {code}
    </Say>
  );
}

/** The button that turns to the why, and the way back from it. */
export function whyPages({ words, snapshot, page, turnTo }: Scene): Pick<View, 'second' | 'back'> {
  if (snapshot.look.textSize === 1) return {};
  return page === 0 ? { second: { label: words.t('reason.why'), press: () => turnTo(1) } } : { back: () => turnTo(0) };
}
