export{t as createAppAuth}from"./@octokit/auth-app.js";
