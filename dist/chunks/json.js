export{t as jsonPieces}from"./json2.js";
