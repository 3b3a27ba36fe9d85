export{t as Octokit}from"./@octokit/rest.js";
