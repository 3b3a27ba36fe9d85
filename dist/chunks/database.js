import{Qn as e,Xn as t}from"./core.js";async function n(n){for(;;){let{done:r,value:i}=n.next();if(r)return i;i===void 0?t()&&await e():await i}}export{n as t};
