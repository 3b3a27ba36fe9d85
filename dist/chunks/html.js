import{t as e}from"./finding.js";import{t}from"./package.js";import{t as n}from"./advisory-links.js";import{a as r}from"./claims.js";import{t as i}from"./class-words.js";import{t as a}from"./escape-html.js";import{a as o,r as s}from"./story-text.js";import{t as c}from"./visible.js";import{s as l}from"./message2.js";import{n as u}from"./quantity.js";import{r as d}from"./stories.js";import{t as f}from"./summary.js";function p(e){let t=m(e);if(t.length===0)return``;let n=t.slice(0,25),r=Math.max(1,...n.map(({fixes:e,others:t})=>e+t)),i=e=>Math.round(e/r*420),o=n.map(({subject:e,fixes:t,others:n,isBroken:r},o)=>{let l=o*22,u=c(s(e)),d=u.length>33?`${u.slice(0,32)}…`:u,f=r?`the next build fails`:`${t+n}${t>0?`, ${t} security`:``}`;return`<g><title>${a(`${u}: ${f}`)}</title><text x="252" y="${l+15}" text-anchor="end">${a(d)}</text><rect class="bad" x="260" y="${l+4}" width="${r?420:i(t)}" height="14" rx="2"/><rect class="news" x="${260+i(t)}" y="${l+4}" width="${r?0:i(n)}" height="14" rx="2"/><text class="dim" x="${260+(r?420:i(t)+i(n))+8}" y="${l+15}">${a(f)}</text></g>`}),l=n.length*22+4,u=t.length>25?`<p class="dim">… and ${t.length-25} more images</p>`:``;return`<section><h2>How far behind</h2><p class="dim">Packages that an update would change, security fixes first.</p><div class="plot"><svg viewBox="0 0 830 ${l}" width="830" height="${l}" role="img" aria-label="Packages behind, by image">${o.join(``)}</svg></div>${u}</section>`}function m(e){return[...Map.groupBy(e.filter(({class:e,packages:t})=>e===`pin-broken`||t.length>0),({subject:e})=>e)].map(([e,t])=>{let n=new Map(t.flatMap(e=>e.packages.map(e=>[e.name,e]))),r=[...n.values()].filter(({security:e})=>e===!0).length;return{subject:e,fixes:r,others:n.size-r,isBroken:t.some(({class:e})=>e===`pin-broken`)}}).sort((e,t)=>Number(t.isBroken)-Number(e.isBroken)||t.fixes-e.fixes||t.others-e.others||(e.subject<t.subject?-1:1))}const h=/* @__PURE__ */ new Set([`rebuild`,`no-op`,`unpinned`]),g=2e3;function _(e){let{looked:t,verdict:n,untold:r,hints:i,cost:a}=f(e),o=d(e.findings,({since:e})=>({since:e})),s=o.filter(({class:e})=>!h.has(e)),c=o.filter(({class:e})=>h.has(e)),u=e.startedAt.slice(0,16).replace(`T`,` `);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Plimsoll: ${A(n)}</title>
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
<p class="brand">Plimsoll <span class="dim">${A(u)} UTC</span></p>
<h1>${A(j(n))}</h1>
${s.length===0?``:`<p class="lead">${A(j(l(s)))}.</p>`}
<p class="dim">${A(j(t))}.</p>
</header>
${v(o)}
${p(s)}
${y(s.slice(0,g))}
${s.length>g?`<p class="dim">… and ${(s.length-g).toLocaleString(`en-US`)} more, in the JSON report.</p>`:``}
${E(c)}
${D(r)}
${O(e)}
<footer>
${i.map(e=>`<p>${A(j(e))}.</p>`).join(`
`)}
<p>Cost: ${A(a)}.</p>
</footer>
</main>
</body>
</html>
`}function v(t){let n=e.map(e=>({kind:e,number:t.filter(t=>t.class===e).length})).filter(({number:e})=>e>0);return n.length===0?``:`<ul class="tiles">${n.map(({kind:e,number:t})=>`<li class="${k(e)}"><b>${t.toLocaleString(`en-US`)}</b> ${A(e)}</li>`).join(``)}</ul>`}function y(t){return e.map(e=>t.filter(t=>t.class===e)).filter(({length:e})=>e>0).map(e=>{let[{class:t}]=e;return`<section><h2><span class="mark ${k(t)}"></span>${A(i[t].section)} <span class="dim">${e.length}</span></h2>\n${e.map(b).join(`
`)}</section>`}).join(`
`)}function b(e){let{subject:t,from:n,to:r,reason:i,places:a,packages:c,config:l,upgradeLine:u,notes:d,proposals:f,since:p}=e,m=r===void 0?``:` <code>${n===void 0?``:`${A(n)} `}→ ${A(r)}</code>`,h=f.flatMap(e=>o(e)??[]).map(e=>`<a href="${e}">pull request</a>`),g=p===void 0?[]:[`since ${A(p.slice(0,10))}`];return`<article>
<h3>${A(s(t))}${m}</h3>
<p>${A(i)}</p>
${u===void 0?``:`<pre>${A(u)}</pre>`}${S(c)}${T(l)}
<p class="dim">${[x(a),...g,...h].filter(e=>e!==``).join(` · `)}</p>
${d.map(e=>`<p class="note">${A(e)}</p>`).join(``)}
</article>`}function x(e){let t=e.slice(0,30).map(({repository:e,file:t,line:n,url:r})=>{let i=`${e===void 0?``:`${e.replace(/\/$/,``)}/`}${t}:${n}`,a=r===void 0?void 0:o(r);return a===void 0?`<code>${A(i)}</code>`:`<a href="${a}"><code>${A(i)}</code></a>`}),n=e.length-t.length;return`${t.join(`, `)}${n>0?` and ${u(n,`more place`)}`:``}`}function S(e){if(e.length===0)return``;let t=e.filter(({security:e})=>e===!0),n=e.filter(({security:e})=>e!==!0),r=e=>e.length===0?``:`<table><tbody>${e.slice(0,500).map(C).join(``)}</tbody></table>${e.length>500?`<p class="dim">… and ${(e.length-500).toLocaleString(`en-US`)} more</p>`:``}`;return n.length<=5?r([...t,...n]):`${r(t)}<details><summary>${u(n.length,t.length>0?`other package`:`package`)}</summary>${r(n)}</details>`}function C(e){let{name:n,architecture:r,kind:i,before:a,security:o,severity:s,advisories:c,foreign:l}=e,u=t(e),d=r===void 0?n:`${n}:${r}`,f=a!==void 0&&u!==void 0?`${A(a)} → ${A(u)}`:`${A(i)} ${A(u??a??``)}`,p=o===!0?`<b class="bad">${A(s??`security`)}</b> ${c.map(w).join(`, `)}`:l===void 0?``:`not the distribution's (${A(l)}): no feed`;return`<tr><td>${A(d)}</td><td>${f}</td><td>${p}</td></tr>`}function w(e){let t=n(e);return t===void 0?A(e):`<a href="${a(t)}">${A(e)}</a>`}function T(e){if(e.length===0)return``;let t=e=>e===null?`<span class="dim">(not set)</span>`:A(e);return`<table><tbody>${e.map(({key:e,before:n,after:r})=>`<tr><td>${A(e)}</td><td>${t(n)} → ${t(r)}</td></tr>`).join(``)}</tbody></table>`}function E(e){if(e.length===0)return``;let t=e.map(e=>`<li><b>${A(e.class)}</b> ${A(s(e.subject))} <span class="dim">${x(e.places)}</span></li>`);return`<section><details><summary>${e.length.toLocaleString(`en-US`)} more that ask for nothing</summary><ul>${t.join(``)}</ul></details></section>`}function D(e){if(e.length===0)return``;let t=e.map(e=>`<li>${A(e)}</li>`);return`<section><h2>Not known <span class="dim">${e.length}</span></h2><ul>${t.join(``)}</ul></section>`}function O(e){let t=r(e);if(t.length===0)return``;let n=t.map(({subject:e,message:t})=>`<li>${e===void 0?``:`<code>${A(e)}</code>: `}${A(t)}</li>`);return`<section><h2>Problems <span class="dim">${t.length}</span></h2><ul>${n.join(``)}</ul></section>`}function k(e){return e===`pin-broken`||e===`security`?`bad`:e===`lagging`||e===`end-of-life`||e===`unknown`?`warn`:h.has(e)?`calm`:`news`}function A(e){return a(c(e))}function j(e){return e.charAt(0).toUpperCase()+e.slice(1)}export{_ as t};
