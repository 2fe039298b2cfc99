/**
 * How reports look: light and dark as the reader's machine is set, from a phone to a wide screen, and on
 * paper. One text, since the page has to stand alone.
 */

const LIGHT = `--ground:#f7f7f5;--card:#fff;--ink:#1b1f24;--quiet:#5c6670;--line:#dfe2e6;--grid:#eceef0;
--good:#157347;--bad:#c02a2a;--warn:#8a5a00;--bad-ground:#fdeceb;--warn-ground:#fdf4e0;--link:#1f5fbf;
--heat-0:#eef1f4;--heat-1:#6aa5d8;--heat-2:#0b2f6b;
--c0:#1f62c9;--c1:#d4660a;--c2:#14804a;--c3:#b3206f;--c4:#7140c4;--c5:#08829b;--c6:#8a5a1c;--c7:#50575e`

const DARK = `--ground:#101214;--card:#181b1e;--ink:#e8ebee;--quiet:#9aa4ae;--line:#32373c;--grid:#262a2e;
--good:#57c98a;--bad:#ff7b72;--warn:#e8b44c;--bad-ground:#3a1a1a;--warn-ground:#33290f;--link:#7ab2ff;
--heat-0:#22272c;--heat-1:#3a6ea8;--heat-2:#d6e9ff;
--c0:#6ba6ff;--c1:#ff9d4d;--c2:#4fcf8c;--c3:#f77fb8;--c4:#b99aff;--c5:#3ec7dc;--c6:#d5a970;--c7:#b4bcc4`

const PAGE = `
*{box-sizing:border-box}
html{scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:36px}
h1{font-size:1.9rem;line-height:1.2;margin:.1em 0 .35em;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:0 0 .25em;letter-spacing:-.01em}
h3{font-size:1.02rem;margin:1.6em 0 .5em}
p{margin:.5em 0;max-width:78ch;overflow-wrap:anywhere}
a{color:var(--link)}
.kicker{color:var(--quiet);font-size:.85rem;margin:0}
.lead{color:var(--quiet)}.lead strong{color:var(--ink)}
#ranking>.lead{font-size:1.12rem}#ranking th[scope=row]{min-width:17ch}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:22px 24px;margin:18px 0}
.description{white-space:pre-line}
nav{font-size:.88rem;margin:14px 0 0}nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;margin:0;padding:0}
.facts{display:flex;flex-wrap:wrap;gap:8px 28px;margin:14px 0}
.facts dt{color:var(--quiet);font-size:.78rem}.facts dd{margin:0;overflow-wrap:anywhere}
.notice{border:1px solid;border-radius:10px;padding:14px 20px;margin:18px 0}
ul.notice{padding-left:38px}
.notice li{overflow-wrap:anywhere}
.broken{color:var(--bad);background:var(--bad-ground)}.broken ul{margin:.4em 0;padding-left:20px}
.warning{color:var(--warn);background:var(--warn-ground);font-size:.93rem}
.better,.holds{color:var(--good)}.worse{color:var(--bad)}.same{color:var(--quiet)}
.notes{padding-left:20px;max-width:78ch}
footer{color:var(--quiet);font-size:.85rem;padding-bottom:40px}`

const TABLES = `
.scroll{overflow-x:auto;margin:14px -8px;padding:0 8px}
.scroll:focus-visible,pre:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:.82rem;padding-bottom:6px}
th,td{text-align:right;padding:6px 8px;border-bottom:1px solid var(--grid);white-space:nowrap;vertical-align:baseline}
thead th{color:var(--quiet);font-weight:500;border-bottom:1px solid var(--line);white-space:normal;vertical-align:bottom;overflow-wrap:break-word}
th[scope=row],.text{text-align:left}
th[scope=row]{font-weight:500;position:sticky;left:0;background:var(--card);min-width:11ch;max-width:34ch;white-space:normal;overflow-wrap:break-word}
tbody tr:last-child>*{border-bottom:0}
.interval,.unit{color:var(--quiet);font-weight:400}.interval{font-size:.92em}
.place{display:flex}.rank{flex:none;min-width:1.5em;color:var(--quiet)}
.unranked>*{color:var(--quiet)}
details{margin:14px 0}summary{cursor:pointer;color:var(--link)}
pre{background:var(--ground);border:1px solid var(--line);border-radius:8px;padding:12px 14px;overflow:auto;max-height:32rem;font-size:.82rem;line-height:1.45}
code{font-family:ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}`

const DRAWINGS = `
.figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,440px),1fr));gap:22px 28px;margin-top:14px}
.figures.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr))}.small svg text{font-size:15px}.small svg .tick,.small svg .axis-name{font-size:14.5px}
figure{margin:0;min-width:0;max-width:640px}
figcaption{font-weight:500;font-size:.92rem;margin-bottom:4px;overflow-wrap:anywhere}
figure>svg{display:block;width:100%;height:auto;overflow:visible}
svg text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
svg .tick,svg .axis-name{fill:var(--quiet);font-size:11.5px}
.grid{stroke:var(--grid)}.axis{stroke:var(--line)}
.line{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linejoin:round;stroke-dasharray:var(--dash,none)}
.span{fill:var(--quiet);opacity:.1}.moment{stroke:var(--quiet);stroke-dasharray:3 3}
.joint{stroke:var(--c);stroke-width:2;opacity:.3}.whisker{stroke:var(--c);stroke-width:1.4}
.reference{stroke:var(--quiet);stroke-dasharray:4 3}
.dot{stroke:var(--c);stroke-width:1.6;fill:var(--c)}.dot.hollow{fill:var(--card)}.dot.pale{fill:color-mix(in srgb,var(--c) 40%,var(--card))}
.ring{fill:none;stroke:var(--c);stroke-width:1.4}.front{fill:none;stroke:var(--quiet);stroke-width:1.2;stroke-dasharray:5 4}
svg .row-note{font-variant-numeric:tabular-nums}
svg .better{fill:var(--good)}svg .worse{fill:var(--bad)}svg .same{fill:var(--quiet)}
svg .point-name{fill:var(--c);font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:3px}
.touch{fill:transparent}.touch:hover{stroke:var(--ink)}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;list-style:none;padding:0;margin:6px 0 0;font-size:.8rem;color:var(--quiet)}
.legend li,.picker label{overflow-wrap:anywhere}
.swatch{width:18px;height:8px;margin-right:5px;vertical-align:middle}.swatch .line{stroke-width:3}
.scale{white-space:nowrap}.ramp{display:inline-block;width:110px;height:11px;vertical-align:-1px;border-radius:3px;background:linear-gradient(90deg in oklab,var(--heat-0),var(--heat-1),var(--heat-2))}
.picker{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:4px 16px;align-items:center;margin:14px 0 0;padding:9px 24px;border:1px solid var(--line);border-radius:10px;background:var(--card);font-size:.86rem}
.picker legend{float:left;padding:0;color:var(--quiet)}
.picker label{cursor:pointer}.picker input{margin:0 5px 0 0;vertical-align:-1px;accent-color:var(--link)}
.s{transition:opacity .12s}`

const NARROW = `
@media (max-width:640px){header,main,footer{padding-left:12px;padding-right:12px}header{padding-top:20px}
h1{font-size:1.5rem}section{padding:16px 14px}svg text{font-size:13.5px}svg .tick,svg .axis-name{font-size:13px}
.picker{flex-wrap:nowrap;overflow-x:auto;padding:9px 14px}.picker>*{flex:none}th[scope=row],#ranking th[scope=row]{min-width:9ch;max-width:15ch}}
@media print{body{background:#fff;font-size:11px}.picker,nav{display:none}section{border:0;padding:0;break-inside:auto}figure,tr{break-inside:avoid}.scroll{overflow:visible}}
@media (prefers-reduced-motion:reduce){.s{transition:none}}`

const COLOURS = 8
const DASHES = ['none', '7 3', '2 3', '9 3 2 3']
const HEAT_LEVELS = 10

/** @param contestantCount Each gets a colour, and beyond eight a pattern as well. */
export function styleSheet(contestantCount: number): string {
  const series = Array.from({ length: contestantCount }, (_, index) => seriesRule(index))
  return [
    `:root{color-scheme:light dark;${LIGHT}}`,
    `@media (prefers-color-scheme:dark){:root{${DARK}}}`,
    PAGE,
    TABLES,
    DRAWINGS,
    ...heatRules(),
    ...series,
    NARROW,
  ].join('\n')
}

/** Its colour; and whoever is not it fades while it is picked. */
function seriesRule(index: number): string {
  const dash = DASHES[Math.floor(index / COLOURS) % DASHES.length] ?? 'none'
  return `.s${index}{--c:var(--c${index % COLOURS});--dash:${dash}}body:has(#pick-${index}:checked) .s:not(.s${index}){opacity:.12}`
}

function heatRules(): readonly string[] {
  const half = HEAT_LEVELS / 2
  return Array.from({ length: HEAT_LEVELS + 1 }, (_, level) => {
    const [from, to] = level <= half ? [0, 1] : [1, 2]
    const share = Math.round(((level - from * half) / half) * 100)
    return `.h${level}{fill:color-mix(in oklab,var(--heat-${to}) ${share}%,var(--heat-${from}))}`
  })
}
