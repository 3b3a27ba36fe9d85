export{r as troubleWith}from"./postgres-trouble2.js";
