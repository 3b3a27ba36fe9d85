import{t as e}from"./rolldown-runtime.js";import{t}from"./ignore.js";var n=/* @__PURE__ */ e(((e,n)=>{n.exports=t()}));export default n();export{};
