import{t as e}from"./visible.js";function t(t,n=4){let r=t.slice(0,n).map(e).join(`, `);return t.length>n?`${r} and ${t.length-n} more`:r}export{t};
