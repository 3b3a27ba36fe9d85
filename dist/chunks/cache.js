export{c as isFeatureAvailable,l as restoreCache,u as saveCache}from"./@actions/cache.js";
