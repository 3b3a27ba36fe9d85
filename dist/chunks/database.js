import{Jn as e,Xn as t}from"./core.js";async function n(n){for(;;){let{done:r,value:i}=n.next();if(r)return i;i===void 0?e()&&await t():await i}}export{n as t};
