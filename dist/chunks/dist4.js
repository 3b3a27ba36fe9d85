import{t as e}from"./@sigstore/verify.js";export default e();export{};
