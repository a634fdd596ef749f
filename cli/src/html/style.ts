/** Light by default, dark where the reader prefers it, and always light on paper. */
const LIGHT = `
--page: #f6f7f9; --sheet: #ffffff; --ink: #1b2027; --faint: #59636e; --rule: #d5dae0; --head: #eef1f4;
--link: #0a58ca; --focus: #0a58ca;
--gained: #12662f; --gained-soft: #e3f5e8; --lost: #b3261e; --lost-soft: #fdeceb; --held: #8a4b00; --held-soft: #fdf1df;
--calm: #1d5fa8; --calm-soft: #e8f1fb; --edge: #7b8794;
`;
const DARK = `
--page: #12161b; --sheet: #1a2027; --ink: #e7ebf0; --faint: #a5b0bc; --rule: #364049; --head: #222a33;
--link: #8ab8ff; --focus: #8ab8ff;
--gained: #7fdb9a; --gained-soft: #15311f; --lost: #ff9d94; --lost-soft: #3d1c1a; --held: #f5bd6a; --held-soft: #38270f;
--calm: #8fc1f7; --calm-soft: #172c42; --edge: #7f8c99;
`;

export const STYLE = `
:root { color-scheme: light; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; ${DARK} } }
@media print { :root { color-scheme: light; ${LIGHT} } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif; }
main, footer, .verdict > *, nav { max-width: 78rem; margin-inline: auto; padding-inline: clamp(0.75rem, 3vw, 2rem); }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; left: 0.5rem; top: -4rem; padding: 0.5rem 1rem; background: var(--sheet); z-index: 1; }
.skip:focus { top: 0.5rem; }
h1, h2, p, dl, ul, figure { margin: 0; }
h1 { font-size: clamp(1.6rem, 6vw, 2.6rem); line-height: 1.15; letter-spacing: 0.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; margin-bottom: 0.6rem; }
.verdict { background: var(--tone-soft); border-top: 0.5rem solid var(--tone); border-bottom: 1px solid var(--rule); padding-block: 1.25rem 1.5rem; }
.verdict h1 { color: var(--tone); }
.eyebrow { color: var(--ink); font-weight: 600; }
.headline { font-size: 1.1rem; font-weight: 600; margin-top: 0.4rem; overflow-wrap: anywhere; }
.is-critical { --tone: var(--lost); --tone-soft: var(--lost-soft); }
.is-breaking { --tone: var(--held); --tone-soft: var(--held-soft); }
.is-broadening { --tone: var(--calm); --tone-soft: var(--calm-soft); }
.is-neutral { --tone: var(--gained); --tone-soft: var(--gained-soft); }
main { padding-block: 1.25rem 2rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; }
section { background: var(--sheet); border: 1px solid var(--rule); border-radius: 8px; padding: clamp(0.75rem, 2.5vw, 1.25rem); }
.notice { border: 2px solid var(--lost); background: var(--lost-soft); }
.notice h2 { color: var(--lost); }
.notice ul, .notes { padding-left: 1.25rem; overflow-wrap: anywhere; }
.counts { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.7rem, 1fr)); gap: 0.6rem; }
.counts div { background: var(--sheet); border: 1px solid var(--rule); border-left: 5px solid var(--calm); border-radius: 6px; padding: 0.45rem 0.5rem; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.counts dt { color: var(--faint); font-size: 0.82rem; }
.counts dd { margin: 0; font-size: 1.5rem; font-weight: 700; line-height: 1.2; font-variant-numeric: tabular-nums; }
.counts .gained { border-left-color: var(--gained); }
.counts .lost { border-left-color: var(--lost); }
.counts .interrupted { border-left-color: var(--held); }
.counts .zero { border-left-color: var(--rule); }
.counts .zero dd { color: var(--faint); font-weight: 400; }
.contents ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.1rem; }
.contents { padding-inline: 0; max-width: none; margin: 0; }
.contents .number { color: var(--faint); font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
caption { text-align: left; color: var(--faint); padding-bottom: 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.7rem; border-bottom: 1px solid var(--rule); }
thead th { background: var(--head); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
.findings { min-width: 44rem; }
.findings td, .findings tbody th { overflow-wrap: anywhere; }
.findings th:first-child { width: 9rem; }
#access-table th:first-child { width: 7rem; }
#access-table td:nth-child(5) { min-width: 6rem; }
#access-table { min-width: 64rem; }
.findings td:nth-child(2), .findings td:nth-child(3) { min-width: 7rem; }
.findings td:nth-last-child(2) { min-width: 7rem; }
.findings td:last-child { min-width: 14rem; }
.numbers th, .numbers td { padding-inline: 0.4rem; }
.numbers td:nth-child(n + 3), .numbers th:nth-child(n + 3) { text-align: right; font-variant-numeric: tabular-nums; }
.numbers tbody th { min-width: 10rem; overflow-wrap: anywhere; }
tfoot > tr > * { border-top: 2px solid var(--rule); border-bottom: 0; font-weight: 700; }
.matrix { width: auto; }
.matrix th, .matrix td { min-width: 7rem; max-width: 16rem; overflow-wrap: anywhere; }
.matrix thead th { white-space: normal; vertical-align: bottom; }
.matrix th:first-child { position: sticky; left: 0; background: var(--head); border-right: 1px solid var(--rule); min-width: 8rem; max-width: 12rem; }
.matrix td + td { border-left: 1px solid var(--rule); }
.name { font-weight: 600; }
.detail { display: block; color: var(--faint); font-size: 0.82rem; overflow-wrap: anywhere; }
.detail .name { font-weight: 400; }
.faint { color: var(--faint); }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86em; }
.change, .severity, .status { display: inline-block; font-weight: 600; white-space: nowrap; padding: 0 0.5rem; border-radius: 4px; border: 1px solid var(--rule); }
.status { white-space: normal; }
.change.gained { color: var(--gained); background: var(--gained-soft); border-color: var(--gained); }
.change.lost, .severity.critical, .status.expired { color: var(--lost); background: var(--lost-soft); border-color: var(--lost); }
.change.lost { border-style: dashed; }
.change.interrupted, .severity.high, .status.idle { color: var(--held); background: var(--held-soft); border-color: var(--held); }
.severity.critical { border-width: 2px; text-transform: uppercase; }
.severity.medium { color: var(--calm); background: var(--calm-soft); border-color: var(--calm); }
.change.unchanged, .change.kept, .change.imported { color: var(--ink); border-color: transparent; font-weight: 400; padding: 0; }
.left-out { border-left: 4px solid var(--held); padding-left: 0.75rem; margin-bottom: 0.75rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)); gap: 1.25rem; }
figure { min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 0.4rem; }
.graph { display: block; max-width: 640px; width: 100%; min-width: 440px; height: auto; font: 500 13px system-ui, "Segoe UI", Roboto, Arial, "Noto Sans", sans-serif; }
/* on a phone the whole picture is there, and a caption beside a table that scrolls is read without scrolling */
@media (max-width: 480px) {
  .graph { min-width: 0; font-size: 14px; }
  caption { max-width: calc(100vw - 4rem); }
}
.graph text { fill: var(--ink); unicode-bidi: plaintext; }
.graph .column { fill: var(--faint); font-size: 12px; }
.node rect { fill: var(--sheet); stroke: var(--edge); stroke-width: 1.5; }
.node.product rect { fill: var(--head); }
.node.anyone rect { stroke: var(--lost); stroke-width: 2; }
.node.absent rect { stroke-dasharray: 3 4; fill: none; }
.node.absent text { fill: var(--faint); font-style: italic; }
.edge { fill: none; stroke: var(--edge); stroke-width: 1.5; }
.edge.gained { stroke: var(--gained); stroke-width: 4; }
.edge.lost, .edge.closed { stroke: var(--lost); stroke-width: 2.5; stroke-dasharray: 8 5; }
.edge.interrupted { stroke: var(--held); stroke-width: 2.5; stroke-dasharray: 2 4; }
.edge.way, .edge.way-closed { stroke: var(--held); stroke-width: 3; stroke-dasharray: 1 6; stroke-linecap: round; }
.edge.opened, .edge.open { stroke: var(--lost); stroke-width: 5; }
.sign circle { fill: var(--sheet); stroke: var(--edge); stroke-width: 1.5; }
.sign text { font-weight: 700; }
.sign.gained circle { stroke: var(--gained); }
.sign.gained text { fill: var(--gained); }
.sign.lost circle, .sign.closed circle, .sign.opened circle, .sign.open circle { stroke: var(--lost); }
.sign.lost text, .sign.closed text, .sign.opened text, .sign.open text { fill: var(--lost); }
.sign.way circle { stroke: var(--held); }
.sign.way text { fill: var(--held); }
.sign.interrupted circle { stroke: var(--held); }
.sign.interrupted text { fill: var(--held); }
.legend { list-style: none; padding: 0.75rem 0 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; font-size: 0.9rem; }
.key { vertical-align: middle; }
details { margin-top: 0.75rem; overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
footer { color: var(--faint); font-size: 0.85rem; padding-bottom: 2rem; overflow-wrap: anywhere; }
@media print {
  body { background: none; font-size: 0.8rem; }
  .skip, .contents { display: none; }
  main { padding: 0.5rem 0; gap: 0.75rem; }
  section { border: 0; border-top: 1px solid var(--rule); border-radius: 0; padding: 0.5rem 0; }
  .scroll { overflow: visible; }
  .findings, #access-table, .findings td:nth-child(n), .matrix th, .matrix td, .numbers tbody th { min-width: 0; }
  .findings th:first-child { width: auto; }
  table { font-size: 0.75rem; }
  th, td { padding: 0.25rem 0.35rem; }
  .numbers { font-size: 0.62rem; }
  .numbers th, .numbers td { padding-inline: 0.2rem; }
  thead th { white-space: normal; }
  tr, figure, .counts div { break-inside: avoid; }
  h2 { break-after: avoid; }
  .panels { grid-template-columns: 1fr 1fr; gap: 0.75rem; }
  .graph { min-width: 0; }
  .matrix th:first-child { position: static; }
  .verdict, .notice, .change, .severity, .counts div { print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
