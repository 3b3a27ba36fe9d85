export{r as reportPieces}from"./json2.js";
