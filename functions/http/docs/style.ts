/** The page's only style sheet. It follows the reader's choice of light or dark, and needs no script. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2430, #dfe4ec); --soft: light-dark(#5a6575, #98a3b3);
  --page: light-dark(#fff, #14181f); --panel: light-dark(#f4f6f9, #1c222c); --line: light-dark(#d9dfe7, #303947);
  --link: light-dark(#1b5fb4, #7db4f5); --get: light-dark(#17693f, #6fcf97); --write: light-dark(#9a4a00, #f2b26b); }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--page); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code { font: 0.875em ui-monospace, monospace; overflow-wrap: anywhere; }
.frame { display: grid; grid-template-columns: 18rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem; background: var(--panel); border-right: 1px solid var(--line); font-size: 0.875rem; }
nav h2 { margin: 1rem 0 0.25rem; font-size: 0.875rem; color: var(--soft); }
nav ul { margin: 0; padding: 0; list-style: none; }
main { max-width: 60rem; padding: 1rem 2rem 4rem; }
section { scroll-margin-top: 1rem; }
section.route, section.schema { margin: 1.5rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
h1, h2, h3, h4 { line-height: 1.25; }
h3 { margin: 0 0 0.5rem; font-size: 1.0625rem; }
h4 { margin: 1rem 0 0.25rem; font-size: 0.875rem; color: var(--soft); }
table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: 0.25rem 0.5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
td table { margin: 0; }
tr:target, section:target { outline: 2px solid var(--link); outline-offset: 2px; }
.method { font: 600 0.8125rem ui-monospace, monospace; }
.get { color: var(--get); } .write { color: var(--write); }
.soft { color: var(--soft); }
@media (max-width: 50rem) { .frame { display: block; } nav { position: static; height: auto; border-right: 0; } main { padding: 1rem; } }
`;
