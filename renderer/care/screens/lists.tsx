import type { CareAccount, CareFingerprint } from '../../../contract/care.ts';
import { BigButton } from '../../parts/big-button.tsx';
import type { Words } from '../../words/words.ts';
import type { CareScene, CareScreenView, CareView } from '../care-view.ts';
import { FingerChoice } from '../parts/finger-choice.tsx';
import { Board, BoardTitle, Card, Row, Rows } from '../parts/table.tsx';
import { wordsOfFinger } from '../finger-names.ts';
import { pagedRows } from '../../screens/paged-rows.ts';
import { DoneBanner } from './key.tsx';

export const accountsView: CareScreenView<'accounts'> = (screen, scene) => {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const title = t('care.accounts.title');
  const { rows, turn } = pagedRows(scene, screen.accounts, { underBanner: screen.done !== null });
  const left = screen.left === null ? null : t('care.fact.room.left', { count: screen.left });
  return {
    ground: 'paper',
    title,
    ...turn,
    stage: (
      <Board
        textSize={snapshot.look.textSize}
        head={
          <BoardTitle
            title={title}
            line={
              left === null
                ? t('care.accounts.count', { count: screen.accounts.length })
                : `${t('care.accounts.count', { count: screen.accounts.length })} · ${left}`
            }
          />
        }
        beside={null}
      >
        {screen.done === null ? null : <DoneBanner done={screen.done} words={words} />}
        {rows.length === 0 ? (
          <p>{t('care.accounts.none')}</p>
        ) : (
          <Card title={null}>
            <Rows name={title}>
              {rows.map((account) => (
                <Row
                  key={account.credentialIdB64u}
                  name={<bdi>{accountName(account, words)}</bdi>}
                  small={<bdi>{siteOf(account, words)}</bdi>}
                  action={
                    <BigButton
                      kind="tool"
                      label={t('care.accounts.delete')}
                      onPress={() => say({ type: 'account.delete', credentialIdB64u: account.credentialIdB64u })}
                    />
                  }
                />
              ))}
            </Rows>
          </Card>
        )}
      </Board>
    ),
  };
};

/** What a person would call this account. */
export function accountName({ displayName, userName }: CareAccount, { t }: Words): string {
  return displayName ?? userName ?? t('care.accounts.nameless');
}

export function siteOf({ displayName, userName, rpId }: CareAccount, { t }: Words): string {
  const site = rpId ?? t('care.accounts.siteUnknown');
  return displayName !== null && userName !== null ? `${userName} · ${site}` : site;
}

export function fingerName({ name }: CareFingerprint, { t }: Words): string {
  if (name === null || name === '') return t('care.fingers.nameless');
  const given = wordsOfFinger(name);
  return given === null ? name : t(given);
}

/** Page 0 is the list; teaching turns to page 1, renaming to the pages after it, one for each finger. */
const teachPage = 1000;

export const fingerprintsView: CareScreenView<'fingerprints'> = (screen, scene) => {
  const { words, page, say, turnTo } = scene;
  if (page === teachPage) {
    return fingerChoice(scene, words.t('care.fingers.which.title'), (name) => say({ type: 'fingerprint.teach', name }));
  }
  const renamed = screen.fingerprints[page - teachPage - 1];
  if (renamed !== undefined) {
    const { templateIdB64u } = renamed;
    return fingerChoice(scene, words.t('care.fingers.rename.title'), (name) =>
      say({ type: 'fingerprint.rename', templateIdB64u, name }),
    );
  }
  const { t } = words;
  const title = t('care.fingers.title');
  const { rows, turn } = pagedRows(scene, screen.fingerprints, { underBanner: screen.done !== null });
  return {
    ground: 'paper',
    title,
    ...turn,
    stage: (
      <Board
        textSize={scene.snapshot.look.textSize}
        head={<BoardTitle title={title} line={t('care.fingers.count', { count: screen.fingerprints.length })} />}
        beside={null}
      >
        {screen.done === null ? null : <DoneBanner done={screen.done} words={words} />}
        {rows.length === 0 ? (
          <p>{t('care.fingers.none')}</p>
        ) : (
          <Card title={null}>
            <Rows name={title}>
              {rows.map((finger) => (
                <Row
                  key={finger.templateIdB64u}
                  name={<bdi>{fingerName(finger, words)}</bdi>}
                  small={null}
                  action={
                    <>
                      <BigButton
                        kind="tool"
                        label={t('care.fingers.rename')}
                        onPress={() => turnTo(teachPage + 1 + screen.fingerprints.indexOf(finger))}
                      />
                      <BigButton
                        kind="tool"
                        label={t('care.fingers.remove')}
                        onPress={() => say({ type: 'fingerprint.remove', templateIdB64u: finger.templateIdB64u })}
                      />
                    </>
                  }
                />
              ))}
            </Rows>
          </Card>
        )}
      </Board>
    ),
    primary: { label: t('care.fingers.teach'), press: () => turnTo(teachPage) },
  };
};

/** A finger is named by choosing it: no keyboard is needed, and the name fits what the smallest key can hold (finger-names.ts). */
function fingerChoice({ words, snapshot, turnTo }: CareScene, title: string, onName: (name: string) => void): CareView {
  return {
    ground: 'paper',
    title,
    stage: (
      <Board textSize={snapshot.look.textSize} head={<BoardTitle title={title} />} beside={null}>
        <FingerChoice words={words} onChoose={onName} />
      </Board>
    ),
    back: () => turnTo(0),
  };
}
