export{r as terminalPieces}from"./terminal2.js";
