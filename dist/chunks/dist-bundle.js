export{t as VERSION,n as retry}from"./@octokit/plugin-retry.js";
