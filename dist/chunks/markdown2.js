export{n as renderMarkdown}from"./markdown.js";
