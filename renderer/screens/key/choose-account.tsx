import type { AccountShown } from '../../../contract/snapshot.ts';
import { AccountCard, AccountCards } from '../../parts/account-card.tsx';
import { Halves, Say } from '../../parts/stage.tsx';
import type { Words } from '../../words/words.ts';
import { pagedRows } from '../paged-rows.ts';
import type { ScreenView } from '../view.ts';
import { Waiting } from '../waiting.tsx';

const fit = { wide: 4, short: 3, portrait: 6 } as const;

/** One press chooses: whose account it was is seen on Microsoft's page right afterwards, and going back is possible until then. */
export const chooseAccountView: ScreenView<'chooseAccount'> = (screen, scene) => {
  const { words, snapshot, say } = scene;
  const { t } = words;
  const { accounts, chosen } = screen;
  const { rows, from, turn } = pagedRows(scene, accounts, { fit });
  const title = t('chooseAccount.title');
  // The accounts need the room: told apart they must be.
  const large = snapshot.look.textSize > 1;
  return {
    ground: 'paper',
    title,
    ...turn,
    stage: (
      <Halves
        textSize={snapshot.look.textSize}
        say={large ? <Say title={title} size="besidePage" /> : <Say title={title} lead={t('chooseAccount.lead')} />}
        show={
          <AccountCards name={title}>
            {rows.map((shown, place) => {
              const account = from + place;
              return (
                <li key={account}>
                  <AccountCard
                    {...namesOf(shown, account, words)}
                    onPress={() => say({ type: 'account.choose', account })}
                    busy={chosen === account}
                    disabled={chosen !== null}
                  />
                </li>
              );
            })}
          </AccountCards>
        }
      />
    ),
    aside: chosen === null ? null : <Waiting words={t('signIn.finishing')} />,
  };
};

function namesOf({ name, displayName }: AccountShown, account: number, { t }: Words) {
  return displayName === null
    ? { name: name ?? t('chooseAccount.nameless', { number: account + 1 }), userName: null }
    : { name: displayName, userName: name };
}
