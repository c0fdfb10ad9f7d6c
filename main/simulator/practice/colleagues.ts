// Made-up new colleagues for practising, from names of several countries, so that screens meet long and accented ones.

const names: readonly (readonly [string, string])[] = [
  ['Noor', 'van Dijk'],
  ['Samuel', 'Okafor'],
  ['Lina', 'Berg'],
  ['Mateo', 'Ruiz'],
  ['Aisha', 'Rahman'],
  ['Emil', 'Novák'],
  ['Hana', 'Sato'],
  ['Zoë', 'Desmet'],
  ['Omar', 'Haddad'],
  ['Ingrid', 'Sørensen'],
];

/** The `number`th colleague; after the list is through, user names get a number so that they stay unique. */
export function nextColleague(number: number, domain: string): { readonly displayName: string; readonly upn: string } {
  const [first, last] = names[number % names.length] ?? ['Noor', 'van Dijk'];
  const round = Math.floor(number / names.length);
  const local = `${plain(first)}.${plain(last)}${round === 0 ? '' : String(round + 1)}`;
  return { displayName: `${first} ${last}`, upn: `${local}@${domain}` };
}

/** Lower-case ASCII, as directories build user names. */
function plain(name: string): string {
  return name
    .replaceAll('ø', 'o')
    .normalize('NFD')
    .replaceAll(/[^A-Za-z]/gu, '')
    .toLowerCase();
}
