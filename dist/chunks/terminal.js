export{n as renderTerminal}from"./terminal2.js";
