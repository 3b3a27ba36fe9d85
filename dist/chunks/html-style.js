const e=`
:root{--ground:#fff;--card:#f6f8fa;--line:#d8dee4;--ink:#1c2128;--dim:#57606a;--link:#0550ae;--bad:#b42318;--warn:#8a5a00;--news:#2f6feb;--calm:#6e7781}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--card:#1d2229;--line:#353c46;--ink:#e8ebef;--dim:#a0a9b4;--link:#7db4ff;--bad:#ff7b70;--warn:#e3b341;--news:#6ea8fe;--calm:#8b949e}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
main{max-width:920px;margin:0 auto;padding:24px 20px 60px}
h1{font-size:1.6rem;line-height:1.25;margin:.2em 0}
h2{font-size:1.15rem;margin:2em 0 .6em}
h3{font-size:1rem;margin:0 0 .3em;overflow-wrap:anywhere}
p{margin:.4em 0}
a{color:var(--link)}
code,pre,td{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
pre{background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:8px 10px;overflow-x:auto;white-space:pre-wrap}
article{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin:10px 0}
table{border-collapse:collapse;margin:.5em 0;display:block;overflow-x:auto}
td{padding:2px 18px 2px 0;vertical-align:top}
summary{cursor:pointer;color:var(--link)}
.lead{font-size:1.08rem}
.brand{font-weight:600;letter-spacing:.02em}
.dim{color:var(--dim);font-weight:400}
.note{color:var(--dim);font-size:.92em;border-left:3px solid var(--line);padding-left:10px}
.bad{color:var(--bad)}
.tiles{list-style:none;display:flex;flex-wrap:wrap;gap:8px;padding:0;margin:18px 0}
.tiles li{border:1px solid currentColor;border-radius:999px;padding:3px 12px;font-size:.92em}
.tiles .warn{color:var(--warn)}.tiles .news{color:var(--news)}.tiles .calm{color:var(--calm)}
.mark{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px;background:var(--calm)}
.mark.bad{background:var(--bad)}.mark.warn{background:var(--warn)}.mark.news{background:var(--news)}
.plot{margin:0;max-width:640px}
.plot table{font-size:.92em}.plot th{text-align:left;font-weight:400;padding:2px 18px 2px 0}.plot thead th{color:var(--dim)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;margin:.4em 0 .8em;font-size:.88em}
svg{display:block;font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow:visible}
svg text{fill:var(--ink)}svg text.dim{fill:var(--dim)}svg .narrow{display:none}svg .grid{stroke:var(--line)}
svg rect{stroke:var(--ground)}svg .bad{fill:var(--bad)}svg .warn{fill:var(--warn)}svg .news{fill:var(--news)}svg .calm{fill:var(--calm)}
@media (max-width:640px){main{padding:16px 14px 40px}svg .narrow{display:inline}svg .wide{display:none}article tr{display:block;padding:3px 0}article td{display:inline;padding:0 8px 0 0}}
footer{color:var(--dim);font-size:.9em;border-top:1px solid var(--line);margin-top:3em;padding-top:1em}
@media print{article{break-inside:avoid}}
`;export{e as t};
