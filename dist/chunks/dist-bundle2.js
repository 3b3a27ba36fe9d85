export{t as throttling}from"./@octokit/plugin-throttling.js";
