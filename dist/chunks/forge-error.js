import{Gn as e}from"./core.js";var t=class extends e{failure;constructor(e,t,n){super(`FORGE`,t,n),this.failure=e}};export{t};
