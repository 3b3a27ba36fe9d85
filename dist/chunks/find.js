export{t as findConfig}from"./find2.js";
