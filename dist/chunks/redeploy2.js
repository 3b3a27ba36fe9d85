export{r as redeploy,i as rollback}from"./redeploy.js";
