import { htmlStyle } from '../../report/render/html-style.ts';

/** The style sheet of the pages: the report's look, and what a report has no need for. */
export const pageStyle = `${htmlStyle.trim()}
main{max-width:1200px}
.skip{position:absolute;left:8px;top:-60px;background:var(--ground);padding:8px 12px;border:2px solid var(--link);border-radius:6px}
.skip:focus{top:8px;z-index:1}
:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.top{border-bottom:1px solid var(--line);background:var(--card)}
.top>div{max-width:1200px;margin:0 auto;padding:10px 20px;display:flex;flex-wrap:wrap;gap:6px 20px;align-items:center}
.top .brand{display:flex;gap:8px;align-items:center;color:var(--ink);text-decoration:none;font-size:1.05rem}
.top .brand img{width:22px;height:22px}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:2px 10px;margin:0;padding:0}
nav a{display:inline-block;padding:5px 1px;text-decoration:none;border-bottom:2px solid transparent}
nav a:hover{border-color:currentColor}
nav a[aria-current]{color:var(--ink);font-weight:600;border-color:currentColor}
form{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:end;margin:12px 0}
form>div{min-width:0;max-width:100%}
.top form{margin:0 0 0 auto;flex-wrap:nowrap}.top input{width:11em}
label{display:block;font-size:.85rem;color:var(--dim)}
input,select,button{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--calm);border-radius:6px;padding:5px 9px;min-height:36px;max-width:100%}
button{white-space:nowrap;cursor:pointer;background:var(--card);font-weight:600}
form.rows{display:block}td button{min-height:0;padding:2px 9px;font-weight:400}
td form{margin:0;flex-wrap:nowrap;gap:6px;align-items:center}
.banner{border:2px solid var(--warn);border-radius:8px;padding:10px 14px;margin:14px 0}
.banner b{color:var(--warn)}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
table.list{display:table;width:100%;overflow:visible}
.list caption{text-align:left;color:var(--dim);font-size:.9em;padding-bottom:4px}
.list th,.list td{text-align:left;font-family:inherit;font-size:.94em;padding:7px 16px 7px 0;vertical-align:top;overflow-wrap:anywhere;border-top:1px solid var(--line)}
.list thead th{border-top:0;color:var(--dim);font-weight:400;white-space:nowrap}
.list tbody th{font-weight:600}
.list .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.kind,.list time{white-space:nowrap}code,main a{unicode-bidi:isolate}
.facts{display:flex;flex-wrap:wrap;gap:10px 32px;margin:14px 0}
.facts div{min-width:0}
.facts dt{color:var(--dim);font-size:.85rem}.facts dd{margin:0;overflow-wrap:anywhere}
.places{margin:.3em 0;padding-left:1.1em}.places li{overflow-wrap:anywhere}
.why{border-left:3px solid var(--link);padding:2px 0 2px 12px;margin:10px 0}
.events{list-style:none;padding:0}.events li{padding:5px 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
.events time{margin-right:.6em}
pre.settings{background:var(--card);padding:14px 16px;border-radius:8px;overflow-wrap:anywhere}
.pager{margin:16px 0;font-weight:600}
.plot.drift{max-width:none}
.mark.gap{background:var(--line)}svg .gap{fill:var(--line);opacity:.55}.drift rect{stroke:none}
.drift line.grid{opacity:.7}.drift text{paint-order:stroke;stroke:var(--ground);stroke-width:3px}
@media (max-width:640px){.top form{margin:0;width:100%}.top input{flex:1;min-width:0;width:auto}
table.list,.list tbody,.list tr,.list th,.list td{display:block}.list thead{display:none}.list caption{display:block}
.list tr{border-top:1px solid var(--line);padding:8px 0}.list th,.list td{border:0;padding:1px 0}.list .number{text-align:left}
.list td{display:inline-block;margin-right:18px}.list td:empty{display:none}.list td::before{content:attr(data-label) ": ";color:var(--dim)}}
`;

/** A hull with the line on it; one picture for light and dark. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0550ae"/><circle cx="16" cy="16" r="8" fill="none" stroke="#fff" stroke-width="2.6"/><path d="M3.5 16h25" stroke="#fff" stroke-width="2.6"/></svg>`;
