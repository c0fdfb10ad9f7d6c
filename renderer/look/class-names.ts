/** A CSS module as the bundler hands it over: written name to unique name. */
export type ClassTable = Readonly<Record<string, string>>;

/**
 * Makes a function that joins the unique names of the wanted classes; `false` and `undefined` are left out.
 * Throws on a name the style sheet does not have: a misspelt class is a bug, not a missing colour.
 */
export function classNamer(table: ClassTable): (...wanted: readonly (string | false | undefined)[]) => string {
  return (...wanted) => {
    const names: string[] = [];
    for (const name of wanted) {
      if (name === false || name === undefined) continue;
      const unique = table[name];
      if (unique === undefined) throw new Error(`no class "${name}" in this style sheet`);
      names.push(unique);
    }
    return names.join(' ');
  };
}
