const e=`not set, and not needed to read this`;function t(e){return new Proxy(e,{get:(e,t)=>typeof t==`string`?e[t]||`not set, and not needed to read this`:void 0})}export{t as n,e as t};
