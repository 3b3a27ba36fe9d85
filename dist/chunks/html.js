import{t as e}from"./finding.js";import{t}from"./limits.js";import{t as n}from"./package.js";import{i as r}from"./place.js";import{t as i}from"./escape-html.js";import{t as a}from"./safe-url.js";import{t as o}from"./visible.js";import{t as s}from"./advisory-links.js";import{a as c}from"./claims.js";import{t as l}from"./class-words.js";import{s as u}from"./message-story.js";import{n as d}from"./quantity.js";import{r as f}from"./stories.js";import{i as p,r as m}from"./story-text.js";import{t as h}from"./summary.js";function g(e){let n=_(e);if(n.length===0)return``;let r=n.slice(0,t.report.htmlBars.most),a=Math.max(1,...r.map(({fixes:e,others:t})=>e+t)),s=e=>Math.round(e/a*420),c=r.map(({subject:e,fixes:t,others:n,isBroken:r},a)=>{let c=a*22,l=o(p(e)),u=l.length>33?`${l.slice(0,32)}…`:l,d=r?`the next build fails`:`${t+n}${t>0?`, ${t} security`:``}`;return`<g><title>${i(`${l}: ${d}`)}</title><text x="252" y="${c+15}" text-anchor="end">${i(u)}</text><rect class="bad" x="260" y="${c+4}" width="${r?420:s(t)}" height="14" rx="2"/><rect class="news" x="${260+s(t)}" y="${c+4}" width="${r?0:s(n)}" height="14" rx="2"/><text class="dim" x="${260+(r?420:s(t)+s(n))+8}" y="${c+15}">${i(d)}</text></g>`}),l=r.length*22+4,u=n.length>t.report.htmlBars.most?`<p class="dim">… and ${n.length-t.report.htmlBars.most} more images</p>`:``;return`<section><h2>How far behind</h2><p class="dim">Packages that an update would change, security fixes first.</p><div class="plot"><svg viewBox="0 0 830 ${l}" width="830" height="${l}" role="img" aria-label="Packages behind, by image">${c.join(``)}</svg></div>${u}</section>`}function _(e){return[...Map.groupBy(e.filter(({class:e,packages:t})=>e===`pin-broken`||t.length>0),({subject:e})=>e)].map(([e,t])=>{let n=new Map(t.flatMap(e=>e.packages.map(e=>[e.name,e]))),r=[...n.values()].filter(({security:e})=>e===!0).length;return{subject:e,fixes:r,others:n.size-r,isBroken:t.some(({class:e})=>e===`pin-broken`)}}).sort((e,t)=>Number(t.isBroken)-Number(e.isBroken)||t.fixes-e.fixes||t.others-e.others||(e.subject<t.subject?-1:1))}const v=/* @__PURE__ */ new Set([`rebuild`,`no-op`,`unpinned`]);function y(e){let{looked:n,verdict:r,untold:i,hints:a,cost:o}=h(e),s=f(e.findings,({since:e})=>({since:e})),c=s.filter(({class:e})=>!v.has(e)),l=s.filter(({class:e})=>v.has(e)),d=e.startedAt.slice(0,16).replace(`T`,` `);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Plimsoll: ${M(r)}</title>
<style>
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
.plot{overflow-x:auto}
svg{font:13px system-ui,sans-serif;max-width:100%;height:auto;min-width:560px}
svg text{fill:var(--ink)}svg text.dim{fill:var(--dim)}svg .bad{fill:var(--bad)}svg .news{fill:var(--news)}
footer{color:var(--dim);font-size:.9em;border-top:1px solid var(--line);margin-top:3em;padding-top:1em}
@media print{article{break-inside:avoid}}
</style>
</head>
<body>
<main>
<header>
<p class="brand">Plimsoll <span class="dim">${M(d)} UTC</span></p>
<h1>${M(N(r))}</h1>
${c.length===0?``:`<p class="lead">${M(N(u(c)))}.</p>`}
<p class="dim">${M(N(n))}.</p>
</header>
${b(s)}
${g(c)}
${x(c.slice(0,t.report.htmlStories.most))}
${c.length>t.report.htmlStories.most?`<p class="dim">… and ${(c.length-t.report.htmlStories.most).toLocaleString(`en-US`)} more, in the JSON report.</p>`:``}
${O(l)}
${k(i)}
${A(e)}
<footer>
${a.map(e=>`<p>${M(N(e))}.</p>`).join(`
`)}
<p>Cost: ${M(o)}.</p>
</footer>
</main>
</body>
</html>
`}function b(t){let n=e.map(e=>({kind:e,number:t.filter(t=>t.class===e).length})).filter(({number:e})=>e>0);return n.length===0?``:`<ul class="tiles">${n.map(({kind:e,number:t})=>`<li class="${j(e)}"><b>${t.toLocaleString(`en-US`)}</b> ${M(e)}</li>`).join(``)}</ul>`}function x(t){return e.map(e=>t.filter(t=>t.class===e)).filter(({length:e})=>e>0).map(e=>{let[{class:t}]=e;return`<section><h2><span class="mark ${j(t)}"></span>${M(l[t].section)} <span class="dim">${e.length}</span></h2>\n${e.map(S).join(`
`)}</section>`}).join(`
`)}function S(e){let{subject:t,from:n,to:r,reason:i,places:a,packages:o,config:s,upgradeLine:c,notes:l,since:u}=e,d=r===void 0?``:` <code>${n===void 0?``:`${M(n)} `}→ ${M(r)}</code>`,f=m(e).map(e=>`<a href="${e.url}">${M(e.text)}</a>`),h=u===void 0?[]:[`since ${M(u.slice(0,10))}`];return`<article>
<h3>${M(p(t))}${d}</h3>
<p>${M(i)}</p>
${c===void 0?``:`<pre>${M(c)}</pre>`}${w(o)}${D(s)}
<p class="dim">${[C(a),...h,...f].filter(e=>e!==``).join(` · `)}</p>
${l.map(e=>`<p class="note">${M(e)}</p>`).join(``)}
</article>`}function C(e){let n=e.slice(0,t.report.htmlPlaces.most).map(({repository:e=`.`,file:t,line:n,workload:i,url:o})=>{let s=r(i??`${t}:${n}`,e),c=o===void 0?void 0:a(o);return c===void 0?`<code>${M(s)}</code>`:`<a href="${c}"><code>${M(s)}</code></a>`}),i=e.length-n.length;return`${n.join(`, `)}${i>0?` and ${d(i,`more place`)}`:``}`}function w(e){if(e.length===0)return``;let n=e.filter(({security:e})=>e===!0),r=e.filter(({security:e})=>e!==!0),i=e=>e.length===0?``:`<table><tbody>${e.slice(0,t.report.htmlRows.most).map(T).join(``)}</tbody></table>${e.length>t.report.htmlRows.most?`<p class="dim">… and ${(e.length-t.report.htmlRows.most).toLocaleString(`en-US`)} more</p>`:``}`;return r.length<=5?i([...n,...r]):`${i(n)}<details><summary>${d(r.length,n.length>0?`other package`:`package`)}</summary>${i(r)}</details>`}function T(e){let{name:t,architecture:r,kind:i,before:a,security:o,severity:s,advisories:c,foreign:l}=e,u=n(e),d=r===void 0?t:`${t}:${r}`,f=a!==void 0&&u!==void 0?`${M(a)} → ${M(u)}`:`${M(i)} ${M(u??a??``)}`,p=o===!0?`<b class="bad">${M(s??`security`)}</b> ${c.map(E).join(`, `)}`:l===void 0?``:`not the distribution's (${M(l)}): no feed`;return`<tr><td>${M(d)}</td><td>${f}</td><td>${p}</td></tr>`}function E(e){let t=s(e);return t===void 0?M(e):`<a href="${i(t)}">${M(e)}</a>`}function D(e){if(e.length===0)return``;let t=e=>e===null?`<span class="dim">(not set)</span>`:M(e);return`<table><tbody>${e.map(({key:e,before:n,after:r})=>`<tr><td>${M(e)}</td><td>${t(n)} → ${t(r)}</td></tr>`).join(``)}</tbody></table>`}function O(e){if(e.length===0)return``;let t=e.map(e=>`<li><b>${M(e.class)}</b> ${M(p(e.subject))} <span class="dim">${C(e.places)}</span></li>`);return`<section><details><summary>${e.length.toLocaleString(`en-US`)} more that ask for nothing</summary><ul>${t.join(``)}</ul></details></section>`}function k(e){if(e.length===0)return``;let t=e.map(e=>`<li>${M(e)}</li>`);return`<section><h2>Not known <span class="dim">${e.length}</span></h2><ul>${t.join(``)}</ul></section>`}function A(e){let t=c(e);if(t.length===0)return``;let n=t.map(({subject:e,message:t})=>`<li>${e===void 0?``:`<code>${M(e)}</code>: `}${M(t)}</li>`);return`<section><h2>Problems <span class="dim">${t.length}</span></h2><ul>${n.join(``)}</ul></section>`}function j(e){return e===`pin-broken`||e===`security`?`bad`:e===`lagging`||e===`end-of-life`||e===`unknown`?`warn`:v.has(e)?`calm`:`news`}function M(e){return i(o(e))}function N(e){return e.charAt(0).toUpperCase()+e.slice(1)}export{y as t};
