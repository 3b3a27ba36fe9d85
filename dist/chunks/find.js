export{n as findConfig}from"./find2.js";
