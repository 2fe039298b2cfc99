/**
 * Commands that we print for a person to paste into a shell.
 */

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** How the person called us: without an installation of its own, `skein` is found by npm alone. */
export function commandName(variables: Readonly<Record<string, string | undefined>>): string {
  return variables['npm_command'] === undefined ? 'skein' : 'npx skein'
}
